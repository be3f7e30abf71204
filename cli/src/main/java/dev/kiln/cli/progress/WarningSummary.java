package dev.kiln.cli.progress;

import com.google.protobuf.ByteString;
import dev.kiln.wire.control.VertexWarning;
import java.io.PrintStream;
import java.util.List;

/** What is said of a build's warnings when it is over. */
public final class WarningSummary {
  private WarningSummary() {}

  /** Prints one line for each; with details where those are wanted. */
  public static void print(
      List<VertexWarning> warnings, boolean details, Colors colors, PrintStream out) {
    if (warnings.isEmpty()) {
      return;
    }
    String count = warnings.size() == 1 ? "1 warning" : warnings.size() + " warnings";
    String more = details ? "" : " (use kiln --debug to expand)";
    out.print("\n " + colors.warning(count + " found" + more + ":\n"));
    for (VertexWarning warning : warnings) {
      out.println(" - " + warning.getShort().toStringUtf8());
      if (details) {
        warning.getDetailList().stream().map(ByteString::toStringUtf8).forEach(out::println);
        if (!warning.getUrl().isEmpty()) {
          out.println("More info: " + warning.getUrl());
        }
        if (warning.hasInfo()) {
          out.print(SourceExcerpt.of(warning.getInfo(), warning.getRangesList()));
        }
        out.println();
      }
    }
  }
}
