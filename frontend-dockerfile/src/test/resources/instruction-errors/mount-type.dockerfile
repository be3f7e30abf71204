FROM a
RUN --mount=type=cahce y
