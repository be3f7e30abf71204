ARG VERSION=3.20

FROM --platform=$BUILDPLATFORM alpine:${VERSION} AS build
from scratch
COPY --from=build --chown=1:1 /a   /b
