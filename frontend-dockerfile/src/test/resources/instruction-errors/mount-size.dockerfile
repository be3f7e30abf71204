FROM a
RUN --mount=type=tmpfs,size=x y
