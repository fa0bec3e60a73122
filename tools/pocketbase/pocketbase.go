//go:build tools

// Package pocketbase pins the PocketBase release that the scripts and the image build.
package pocketbase

import _ "github.com/pocketbase/pocketbase/examples/base"
