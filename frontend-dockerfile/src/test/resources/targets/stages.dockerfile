# build compiles
FROM --platform=$BUILDPLATFORM golang:1 AS build
FROM scratch
# release is what ships <here> & now
FROM build AS release
