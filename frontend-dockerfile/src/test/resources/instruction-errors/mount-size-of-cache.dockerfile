FROM a
RUN --mount=type=cache,size=1m y
