FROM a
RUN --mount=type=bind,\"a y
