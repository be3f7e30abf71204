FROM a
RUN --mount=type=cache,mode=9 y
