package dev.kiln.daemon.export.files;

import dev.kiln.daemon.export.image.Attributes;
import dev.kiln.daemon.failure.BuildFailure;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What local and tar exporters are asked for (exporters-and-cache.md, section 1.4).
 *
 * @param platformSplit whether each platform gets a folder; null means when there are several
 * @param attestationPrefix in front of the names of attestations
 * @param epoch time of all files, null to keep theirs
 * @param epochGiven whether the client said anything about an epoch
 * @param mirror whether what is not sent is removed
 */
record FileOptions(
    @Nullable Boolean platformSplit,
    String attestationPrefix,
    @Nullable Instant epoch,
    boolean epochGiven,
    boolean mirror) {

  static FileOptions read(Map<String, String> attributes, boolean local) {
    Attributes read = new Attributes(attributes);
    String mode = local ? read.text("mode", "copy") : "copy";
    if (!mode.equals("copy") && !mode.equals("delete")) {
      throw BuildFailure.of(
          "invalid local exporter mode \"" + mode + "\": it is copy or delete", null);
    }
    String epoch = read.find("source-date-epoch");
    return new FileOptions(
        read.find("platform-split") == null ? null : read.flag("platform-split", true),
        read.text("attestation-prefix", ""),
        time(epoch),
        epoch != null,
        mode.equals("delete"));
  }

  private static @Nullable Instant time(@Nullable String seconds) {
    if (seconds == null || seconds.isEmpty()) {
      return null;
    }
    try {
      return Instant.ofEpochSecond(Long.parseLong(seconds));
    } catch (NumberFormatException e) {
      throw BuildFailure.of("invalid SOURCE_DATE_EPOCH: " + seconds, e);
    }
  }

  /** The same options with an epoch that the result itself brings, unless one was given. */
  FileOptions withResultEpoch(@Nullable String seconds) {
    return epochGiven || seconds == null
        ? this
        : new FileOptions(platformSplit, attestationPrefix, time(seconds), true, mirror);
  }
}
