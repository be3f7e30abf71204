FROM a
RUN --mount=type=cache,target=/a --mount="type=bind,source=b c" --network=none  cmd --not-a-flag
COPY --a='x "y"' --b=\"z -- --source /dst
RUN -- --x
RUN --
ADD --link
