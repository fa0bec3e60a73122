module opensync/tools/healthcheck

go 1.25.0
