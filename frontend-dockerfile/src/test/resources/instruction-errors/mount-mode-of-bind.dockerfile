FROM a
RUN --mount=type=bind,mode=0755 y
