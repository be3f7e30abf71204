package dev.kiln.cli.build;

import com.google.protobuf.ByteString;
import dev.kiln.cli.progress.SourceExcerpt;
import dev.kiln.solver.pb.Position;
import dev.kiln.solver.pb.Range;
import dev.kiln.solver.pb.SourceInfo;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the checks of a Dockerfile found. */
final class LintAnswer {
  private final JsonNode result;
  private final String text;
  private final String file;

  /**
   * @param json the frontend's answer
   * @param text the same for people
   * @param file the Dockerfile's name as the person knows it
   */
  LintAnswer(String json, String text, String file) {
    this.result = JsonMapper.shared().readTree(json.isEmpty() ? "{}" : json);
    this.text = text;
    this.file = file;
  }

  void print(PrintStream out, PrintStream err) {
    int warnings = result.path("warnings").size();
    JsonNode error = result.path("buildError");
    if (warnings > 0) {
      String count =
          warnings == 1 ? "1 warning has been found!" : warnings + " warnings have been found!";
      out.println("Check complete, " + count);
      out.print(text.replace("\n" + sentName() + ":", "\n" + file + ":"));
    } else if (!error.isObject()) {
      out.println("Check complete, no warnings found.");
    }
    if (error.isObject()) {
      err.println("ERROR: " + error.path("message").asString(""));
      err.print(excerpt(error.path("location")));
    }
  }

  private String sentName() {
    return result.path("sources").path(0).path("filename").asString("Dockerfile");
  }

  private String excerpt(JsonNode location) {
    JsonNode source = result.path("sources").path(location.path("sourceIndex").asInt(0));
    List<Range> ranges = new ArrayList<>();
    for (JsonNode range : location.path("ranges")) {
      ranges.add(
          Range.newBuilder()
              .setStart(position(range.path("start")))
              .setEnd(position(range.path("end")))
              .build());
    }
    byte[] data = Base64.getDecoder().decode(source.path("data").asString(""));
    return SourceExcerpt.of(
        SourceInfo.newBuilder().setFilename(file).setData(ByteString.copyFrom(data)).build(),
        ranges);
  }

  private static Position position(JsonNode node) {
    return Position.newBuilder()
        .setLine(node.path("line").asInt(0))
        .setCharacter(node.path("character").asInt(0))
        .build();
  }
}
