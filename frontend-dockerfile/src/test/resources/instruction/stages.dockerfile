# VERSION of the base
ARG VERSION=3.20 OTHER
# build compiles
# all of it
FROM --platform=$BUILDPLATFORM alpine:$VERSION AS Build
ARG VERSION
# A first
# B second
ARG A=1 B= C
from build
