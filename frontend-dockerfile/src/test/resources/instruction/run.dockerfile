FROM a
RUN echo hi   there
RUN ["echo", "hi there"]
RUN --network=none --security=insecure true
RUN --mount=type=bind,from=base,source=a,target=/b --mount=target=/c true
RUN --mount=type=cache,id=x,target=/c,sharing=locked,mode=0755,uid=1000,gid=1001 true
RUN --mount=type=cache,dst=/c,ro true
RUN --mount=type=tmpfs,destination=/t,size=1.5g true
RUN --mount=type=secret,id=token,required,env=TOKEN true
RUN --mount=type=secret,src=a,target=/s,mode=0440 true
RUN --mount=type=ssh,required=false true
RUN --mount=type=bind,target=/b,rw --mount=type=bind,target=/c,readonly=false true
RUN "--mount=\"type=bind,target=/a,b\"" true
RUN --mount="type=bind,\"target=/a,b\"" true
RUN --mount=TYPE=Cache,TARGET=/c,Sharing=PRIVATE true
RUN --device=vendor.com/gpu=all,required --device=name=vendor.com/x true
RUN <<EOF cat
text
EOF
RUN
