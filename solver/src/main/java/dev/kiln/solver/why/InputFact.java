package dev.kiln.solver.why;

import dev.kiln.solver.Vertex;
import dev.kiln.solver.why.Fact.Kind;
import java.util.regex.Pattern;

/** Turns what a step stands on into facts. Stateless. */
final class InputFact {
  private static final String IMAGE = "docker-image://";
  private static final String LAYOUT = "oci-layout://";
  private static final Pattern CREDENTIALS = Pattern.compile("://[^/@]*@");
  private static final Pattern COUNTER = Pattern.compile("(?<=^\\[[^\\]]{0,200}) *\\d+/\\d+\\]");
  private static final Pattern TAG = Pattern.compile("(:[^/:@]*)?(@[^/]*)?$");

  private InputFact() {}

  static Fact of(Step.Input input, int index) {
    String name = Integer.toString(index);
    if (input.content() != null) {
      return new Fact(Kind.FILES, name, input.content(), name(input.vertex()));
    }
    if (!input.vertex().op().hasSource()) {
      return new Fact(Kind.INPUT, name, input.result(), name(input.vertex()));
    }
    String identifier = shown(input.vertex().op().getSource().getIdentifier());
    boolean isImage = identifier.startsWith(IMAGE) || identifier.startsWith(LAYOUT);
    String value = isImage ? identifier.substring(identifier.indexOf("://") + 3) : identifier;
    if (!input.resolved().isEmpty() && !value.contains(input.resolved())) {
      value += "@" + input.resolved();
    }
    return Fact.of(isImage ? Kind.IMAGE : Kind.SOURCE, name, value);
  }

  /** Without its number, which changes as steps come and go before it. */
  private static String name(Vertex vertex) {
    String name = COUNTER.matcher(shown(vertex.name())).replaceFirst("]");
    return name.startsWith("[] ") ? name.substring("[] ".length()) : name;
  }

  private static String shown(String text) {
    return CREDENTIALS.matcher(text).replaceAll("://");
  }

  /** A source without its version. */
  static String repository(String identifier) {
    return identifier.startsWith(IMAGE) ? TAG.matcher(identifier).replaceFirst("") : identifier;
  }
}
