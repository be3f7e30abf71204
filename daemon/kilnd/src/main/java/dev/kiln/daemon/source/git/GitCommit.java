package dev.kiln.daemon.source.git;

/**
 * What a ref stands for.
 *
 * @param ref its full name, or a hash
 * @param checksum hash of the commit, or of the tag's own object
 * @param commitChecksum hash of the commit behind a tag object; empty when there is none
 */
record GitCommit(String ref, String checksum, String commitChecksum) {
  static GitCommit ofHash(String hash) {
    return new GitCommit(hash, hash, "");
  }

  /** Whether the repository names its objects by SHA-256. */
  boolean isSha256() {
    return checksum.length() == 64;
  }
}
