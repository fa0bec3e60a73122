# OpenSync in one image: PocketBase, our hooks and migrations, the dashboard and the plugin. Nothing else is in it: no
# shell, no package manager. Only instructions that both of Docker's builders know are used.

FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY client/package.json client/
COPY plugin/package.json plugin/
COPY dashboard/package.json dashboard/
COPY scripts scripts
RUN node --input-type=module -e "(await import('/src/scripts/install.mjs')).installPackages()"
COPY . .
RUN node scripts/build.mjs

FROM golang:1.26-bookworm AS server
WORKDIR /src/pocketbase
COPY tools/pocketbase/go.mod tools/pocketbase/go.sum ./
# With the time zones: usage is cut into people's days, and nothing else in the image knows them.
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata -o /out/pocketbase \
  -ldflags "-s -w -X github.com/pocketbase/pocketbase.Version=$(go list -m -f '{{.Version}}' github.com/pocketbase/pocketbase | cut -c 2-)" \
  github.com/pocketbase/pocketbase/examples/base
WORKDIR /src/healthcheck
COPY tools/healthcheck ./
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /out/healthcheck .
# Both are written by the server: a new volume takes its owner from here.
RUN mkdir -p /writable/data /writable/tmp

FROM scratch
COPY --from=server /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=server --chown=65532:65532 /writable/ /
COPY --from=server /out/ /
COPY --from=build /src/build/pb_migrations /pb_migrations
COPY --from=build /src/build/plugin /plugin
COPY --from=build /src/build/dashboard /dashboard
COPY --from=build /src/build/pb_hooks /pb_hooks
# The user that nobody else is; it needs no entry in /etc/passwd.
USER 65532:65532
VOLUME /data
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/healthcheck", "127.0.0.1:8090"]
ENTRYPOINT ["/pocketbase"]
CMD ["serve", "--http=0.0.0.0:8090", "--dir=/data", "--hooksDir=/pb_hooks", "--migrationsDir=/pb_migrations", \
  "--publicDir=/dashboard", "--dev=false", "--hooksWatch=false", "--automigrate=false", "--hooksPool=20"]
