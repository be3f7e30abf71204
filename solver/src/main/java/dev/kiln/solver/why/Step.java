package dev.kiln.solver.why;

import dev.kiln.solver.CacheMap.Entry;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A step that is about to run.
 *
 * @param vertex what runs
 * @param digest digest of its operation without inputs
 * @param project tells builds of different things apart; may be empty
 * @param arguments names of variables that are build arguments
 * @param inputs what it stands on
 * @param lost why a result that was there could not be loaded; null if there was none
 * @param storable whether its result can be cached
 */
public record Step(
    Vertex vertex,
    String digest,
    String project,
    Set<String> arguments,
    List<Input> inputs,
    @Nullable String lost,
    boolean storable) {

  /** Stage and number in front of a step's name, as Dockerfile frontends write it. */
  private static final Pattern STAGE = Pattern.compile("^\\[([^\\]]*?) *(\\d+)/\\d+\\]");

  /** Copies the lists. */
  public Step {
    arguments = Set.copyOf(arguments);
    inputs = List.copyOf(inputs);
  }

  /**
   * An input of a step.
   *
   * @param vertex what made it
   * @param result names what was made
   * @param resolved what a source stands for now; empty for others
   * @param content digest of what the step reads of it; null if it counts as a whole
   * @param files lists the files that the content digest is made of
   */
  public record Input(
      Vertex vertex,
      String result,
      String resolved,
      @Nullable String content,
      Supplier<List<Entry>> files) {}

  /** All facts, causes before consequences. */
  List<Fact> facts() {
    List<Fact> facts = new ArrayList<>(StepFacts.of(vertex.op(), arguments));
    for (int i = 0; i < inputs.size(); i++) {
      facts.add(InputFact.of(inputs.get(i), i));
    }
    facts.sort(java.util.Comparator.comparing(Fact::kind));
    return facts;
  }

  /** Where records like this one may be found; the likest first. */
  List<String> buckets() {
    return List.of(
        Sha256.of(String.join("\0", "operation", digest, place())),
        Sha256.of(String.join("\0", "command", project, command(), platform())),
        Sha256.of("place\0" + place()),
        // The same thing may be built from another folder, by another client.
        Sha256.of(String.join("\0", "anywhere", command(), platform())));
  }

  /**
   * Names the record that this step leaves; a later run on the same files and images replaces it,
   * whatever the steps before it made.
   */
  String record() {
    StringBuilder text = new StringBuilder("record\0" + digest + "\0" + place());
    for (Fact fact : facts()) {
      if (fact.kind() != Fact.Kind.INPUT && !fact.kind().own) {
        text.append('\0').append(fact.value());
      }
    }
    return Sha256.of(text.toString());
  }

  private String place() {
    Matcher stage = STAGE.matcher(vertex.name());
    boolean numbered = stage.find();
    return String.join(
        "\0",
        project,
        vertex.op().getOpCase().name(),
        platform(),
        numbered ? stage.group(1) : "",
        numbered ? stage.group(2) : "depth " + vertex.depth(),
        InputFact.repository(vertex.base().op().getSource().getIdentifier()));
  }

  private String platform() {
    Platform of = vertex.op().getPlatform();
    return of.getOS() + "/" + of.getArchitecture() + "/" + of.getVariant();
  }

  private String command() {
    Op op = vertex.op();
    return switch (op.getOpCase()) {
      case EXEC -> String.join("\0", op.getExec().getMeta().getArgsList());
      case FILE ->
          String.join(
              "\0",
              op.getFile().getActionsList().stream()
                  .map(
                      a ->
                          a.getActionCase()
                              + (a.hasCopy()
                                  ? a.getCopy().getSrc() + ">" + a.getCopy().getDest()
                                  : "")
                              + a.getMkfile().getPath()
                              + a.getMkdir().getPath()
                              + a.getRm().getPath()
                              + a.getSymlink().getNewpath())
                  .toList());
      default -> vertex.name();
    };
  }
}
