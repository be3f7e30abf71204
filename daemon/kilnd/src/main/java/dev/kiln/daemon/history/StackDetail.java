package dev.kiln.daemon.history;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.kiln.daemon.export.image.GoJsonText;
import dev.kiln.daemon.worker.Version;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where in the daemon a failure arose, as a detail of the recorded error (control.md, section 9).
 * Answers go without it, as they must be small. Stateless.
 */
final class StackDetail {
  private static final String TYPE_URL = "github.com/moby/buildkit/stack.Stack+json";
  private static final int MAX_FRAMES = 64;

  private StackDetail() {}

  static Any of(Throwable failure) {
    ObjectNode stack = JsonNodeFactory.instance.objectNode();
    ArrayNode frames = stack.putArray("frames");
    StackTraceElement[] trace = failure.getStackTrace();
    for (int i = 0; i < Math.min(trace.length, MAX_FRAMES); i++) {
      ObjectNode frame = frames.addObject();
      frame.put("Name", trace[i].getClassName() + "." + trace[i].getMethodName());
      frame.put("File", String.valueOf(trace[i].getFileName()));
      frame.put("Line", Math.max(0, trace[i].getLineNumber()));
    }
    stack.put("pid", ProcessHandle.current().pid());
    stack.put("version", Version.PROTOCOL + "+kiln." + Version.KILN);
    return Any.newBuilder()
        .setTypeUrl(TYPE_URL)
        .setValue(ByteString.copyFrom(GoJsonText.compact(stack)))
        .build();
  }
}
