package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.context.GitReference;
import dev.kiln.dockerfile.llb.Paths;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Tells the sources of ADD apart. */
final class RemoteSource {

  private static final String UNNAMED = "__unnamed__";

  private RemoteSource() {}

  /** True for a download or a git repository. */
  static boolean isRemote(String source) {
    return isDownload(source) || GitReference.matches(source);
  }

  /** True for a file to download; an address that ends in {@code .git} is a repository. */
  static boolean isDownload(String source) {
    return (source.startsWith("http://") || source.startsWith("https://"))
        && !GitReference.matches(source);
  }

  /** The repository that a source of ADD names. What could be a local path is one. */
  static Optional<GitReference> repository(String source) {
    return GitReference.parse(source).filter(git -> !git.looksLocal());
  }

  /** Name of the file that a download becomes: the last part of the address. */
  static String filename(String url) {
    try {
      String path = new URI(url).getPath();
      String base = Paths.base(path == null ? "" : path);
      return base.equals(".") || base.equals("/") ? UNNAMED : base;
    } catch (URISyntaxException e) {
      return UNNAMED;
    }
  }
}
