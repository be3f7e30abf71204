package dev.kiln.daemon.export.image;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.registry.reference.ImageReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names that an image gets. */
final class Names {
  private Names() {}

  /**
   * The names as given; {@code *} stands for those that the result itself carries.
   *
   * @throws BuildFailure when there are none behind a {@code *}
   */
  static List<String> of(ImageOptions options, BuildResult result) {
    List<String> names = new ArrayList<>();
    for (String name : options.names()) {
      if (!name.equals("*")) {
        names.add(name);
        continue;
      }
      ByteString own = result.metadata().get("image.name");
      if (own == null) {
        throw BuildFailure.of("can not export to name *: the result has no name of its own", null);
      }
      names.addAll(Arrays.asList(own.toStringUtf8().split(",")));
    }
    return names;
  }

  /** Full references with a tag. */
  static List<ImageReference> references(List<String> names) {
    List<ImageReference> references = new ArrayList<>();
    for (String name : names) {
      try {
        references.add(ImageReference.parse(name).withDefaultTag());
      } catch (RuntimeException e) {
        throw BuildFailure.of("failed to parse " + name + ": " + e.getMessage(), e);
      }
    }
    return references;
  }
}
