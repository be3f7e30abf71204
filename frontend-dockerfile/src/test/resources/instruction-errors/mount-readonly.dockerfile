FROM a
RUN --mount=type=bind,ro=x y
