FROM alpine
RUN one \
    two \  
  # a comment between
# another
    three

RUN a\
b
RUN end \\
RUN spaces before
  RUN \
 indented
