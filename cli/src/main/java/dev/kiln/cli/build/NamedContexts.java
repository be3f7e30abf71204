package dev.kiln.cli.build;

import dev.kiln.cli.flag.UsageException;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.reference.InvalidReferenceException;
import dev.kiln.wire.attach.ClientSession;
import dev.kiln.wire.blobs.BlobDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code --build-context name=source}. */
final class NamedContexts {
  private static final String LAYOUT = "oci-layout://";
  private static final Pattern LAYOUT_REFERENCE =
      Pattern.compile("(.+?)(?::([A-Za-z0-9_][A-Za-z0-9_.-]*))?(?:@([a-z0-9]+:[0-9a-f]{32,}))?");

  private final SolvePlan plan;

  NamedContexts(SolvePlan plan) {
    this.plan = plan;
  }

  /** Adds all of them to the plan. */
  void add(List<String> texts) throws IOException {
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw new UsageException("invalid context value: " + text + ", expected key=value");
      }
      add(name(text.substring(0, equals)), text.substring(equals + 1));
    }
    if (!texts.isEmpty()) {
      plan.attributes.merge(
          "frontend.caps", "moby.buildkit.frontend.contexts+forward", ContextInput.CAPS);
    }
  }

  /** A name has the form of an image's, since it takes the place of one. */
  private static String name(String text) {
    try {
      ImageReference reference = ImageReference.parse(text);
      String name = reference.familiar();
      return name.endsWith(":latest") ? name.substring(0, name.length() - 7) : name;
    } catch (InvalidReferenceException e) {
      throw new UsageException("invalid context name " + text + ": " + e.getMessage(), e);
    }
  }

  private void add(String name, String source) throws IOException {
    String attribute = "context:" + name;
    if (RemoteUrl.matches(source)
        || source.startsWith("docker-image://")
        || source.startsWith("target:")) {
      plan.attributes.put(attribute, source);
      if (RemoteUrl.isGitWithQuery(source)) {
        plan.attributes.merge(
            "frontend.caps", "moby.buildkit.frontend.gitquerystring+forward", ContextInput.CAPS);
      }
    } else if (source.startsWith(LAYOUT)) {
      plan.attributes.put(attribute, layout(source));
    } else {
      folder(name, Path.of(source));
    }
  }

  private void folder(String name, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException(
          "failed to get build context " + name + ": " + folder + " is not a folder");
    }
    String local = name.equals("context") || name.equals("dockerfile") ? "_" + name : name;
    plan.directories.put(local, folder);
    plan.attributes.put("context:" + name, "local:" + local);
    plan.attributes.put("sharedkey:localdir:" + name, SharedKeys.of(folder));
  }

  private String layout(String source) throws IOException {
    Matcher matcher = LAYOUT_REFERENCE.matcher(source.substring(LAYOUT.length()));
    if (!matcher.matches()) {
      throw new UsageException("invalid oci-layout reference \"" + source + "\"");
    }
    Path folder = Path.of(matcher.group(1));
    String tag = matcher.group(2) == null ? "latest" : matcher.group(2);
    String digest = matcher.group(3);
    if (digest == null) {
      digest =
          new LayoutIndex(folder)
              .find(tag)
              .orElseThrow(
                  () ->
                      new UsageException(
                          "oci-layout reference \"" + source + "\" could not be resolved"));
    }
    String store = ClientSession.newId();
    plan.stores.put("oci:" + store, new BlobDirectory(folder));
    return LAYOUT + store + (matcher.group(2) == null ? "" : ":" + tag) + "@" + digest;
  }
}
