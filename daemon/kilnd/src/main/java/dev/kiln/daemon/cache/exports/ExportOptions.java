package dev.kiln.daemon.cache.exports;

import dev.kiln.daemon.cache.CacheEntry;
import dev.kiln.snapshotter.layer.Compression;
import dev.kiln.snapshotter.layer.CompressionOptions;
import dev.kiln.solver.export.CacheExport;

/**
 * What cache exports have in common (exporters-and-cache.md, section 4).
 *
 * @param ignoreError whether a failure leaves the build a success
 */
record ExportOptions(
    CacheExport.Mode mode,
    boolean ignoreError,
    CacheManifest manifest,
    CompressionOptions compression) {

  /**
   * Reads the attributes. A mode or an ignore-error that makes no sense is taken as not given.
   *
   * @throws IllegalArgumentException for other bad values
   */
  static ExportOptions read(CacheEntry entry) {
    boolean oci = entry.flag("oci-mediatypes", true);
    return new ExportOptions(
        entry.text("mode").equals("max") ? CacheExport.Mode.MAX : CacheExport.Mode.MIN,
        ignoreError(entry),
        new CacheManifest(oci, entry.flag("image-manifest", oci)),
        compression(entry));
  }

  private static boolean ignoreError(CacheEntry entry) {
    try {
      return entry.flag("ignore-error", false);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static CompressionOptions compression(CacheEntry entry) {
    String kind = entry.text("compression");
    String level = entry.text("compression-level");
    boolean force =
        entry.attributes().containsKey("force-compression")
            && (entry.text("force-compression").isEmpty()
                || entry.flag("force-compression", false));
    try {
      return new CompressionOptions(
          kind.isEmpty() ? Compression.GZIP : Compression.of(kind),
          level.isEmpty() ? CompressionOptions.DEFAULT_LEVEL : Integer.parseInt(level),
          force,
          null);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "non-integer value " + level + " specified for compression-level", e);
    }
  }
}
