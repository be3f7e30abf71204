package dev.kiln.dockerfile.instruction;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code ADD [flags] source... destination}
 *
 * @param chown user and group, or empty
 * @param chmod octal or symbolic mode, or empty
 * @param link add independently of the layers below
 * @param keepGitDir whether a git source keeps its {@code .git}; null if not said
 * @param checksum digest that a remote source must have, or empty
 * @param unpack whether archives are unpacked; null if not said
 * @param exclude patterns of what not to add
 */
public record AddInstruction(
    Origin origin,
    FileSources sources,
    String chown,
    String chmod,
    boolean link,
    @Nullable Boolean keepGitDir,
    String checksum,
    @Nullable Boolean unpack,
    List<String> exclude)
    implements Instruction {

  public AddInstruction {
    exclude = List.copyOf(exclude);
  }

  @Override
  public AddInstruction expand(WordExpander words) {
    String owner = words.expand(chown);
    String mode = words.expand(chmod);
    String digest = words.expand(checksum);
    return new AddInstruction(
        origin, sources.expand(words), owner, mode, link, keepGitDir, digest, unpack, exclude);
  }

  @Override
  public AddInstruction expandContents(WordExpander raw) {
    return new AddInstruction(
        origin,
        sources.expandContents(raw),
        chown,
        chmod,
        link,
        keepGitDir,
        checksum,
        unpack,
        exclude);
  }
}
