# lost
#
# base is the first stage
# of two
FROM alpine AS base

# VERSION to build

ARG VERSION
   # indented
RUN x # not a comment
# at the end
