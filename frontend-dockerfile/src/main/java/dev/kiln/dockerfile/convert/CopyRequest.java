package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.AddInstruction;
import dev.kiln.dockerfile.instruction.CopyInstruction;
import dev.kiln.dockerfile.instruction.FileSources;
import dev.kiln.dockerfile.instruction.Origin;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.DockerfileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What COPY and ADD have in common.
 *
 * @param add true for ADD
 * @param files where sources that are not remote come from
 */
record CopyRequest(
    boolean add,
    Origin origin,
    FileSources sources,
    State files,
    String chown,
    String chmod,
    boolean link,
    boolean parents,
    List<String> exclude,
    @Nullable Boolean keepGitDir,
    String checksum,
    @Nullable Boolean unpack) {

  static CopyRequest of(CopyInstruction copy, State files) {
    return new CopyRequest(
        false,
        copy.origin(),
        copy.sources(),
        files,
        copy.chown(),
        copy.chmod(),
        copy.link(),
        copy.parents(),
        copy.exclude(),
        null,
        "",
        null);
  }

  static CopyRequest of(AddInstruction add, State files) {
    return new CopyRequest(
        true,
        add.origin(),
        add.sources(),
        files,
        add.chown(),
        add.chmod(),
        add.link(),
        false,
        add.exclude(),
        add.keepGitDir(),
        add.checksum(),
        add.unpack());
  }

  /** Makes sure that a checksum is about one remote source. */
  void checkChecksum() {
    if (checksum.isEmpty()) {
      return;
    }
    if (sources.paths().size() != 1) {
      throw new DockerfileException("checksum can't be specified for multiple sources");
    }
    if (!RemoteSource.isRemote(sources.paths().getFirst())) {
      throw new DockerfileException("checksum requires HTTP(S) or Git sources");
    }
  }

  /** The instruction for the history. */
  String createdBy() {
    StringBuilder out = new StringBuilder(add ? "ADD" : "COPY");
    if (parents) {
      out.append(" --parents");
    }
    if (!chown.isEmpty()) {
      out.append(" --chown=").append(chown);
    }
    if (!chmod.isEmpty()) {
      out.append(" --chmod=").append(chmod);
    }
    sources.paths().forEach(path -> out.append(' ').append(path));
    sources.documents().forEach(file -> out.append(" <<").append(file.name()));
    return out.append(' ').append(sources.destination()).toString();
  }
}
