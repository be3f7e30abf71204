package dev.kiln.dockerfile.instruction;

import java.util.List;

/**
 * {@code COPY [flags] source... destination}
 *
 * @param from stage, image or named context to copy from, or empty for the build context
 * @param chown user and group, or empty
 * @param chmod octal or symbolic mode, or empty
 * @param link copy independently of the layers below
 * @param parents keep the sources' parent directories
 * @param exclude patterns of what not to copy
 */
public record CopyInstruction(
    Origin origin,
    FileSources sources,
    String from,
    String chown,
    String chmod,
    boolean link,
    boolean parents,
    List<String> exclude)
    implements Instruction {

  public CopyInstruction {
    exclude = List.copyOf(exclude);
  }

  @Override
  public CopyInstruction expand(WordExpander words) {
    String owner = words.expand(chown);
    String mode = words.expand(chmod);
    return new CopyInstruction(
        origin, sources.expand(words), from, owner, mode, link, parents, exclude);
  }

  @Override
  public CopyInstruction expandContents(WordExpander raw) {
    return new CopyInstruction(
        origin, sources.expandContents(raw), from, chown, chmod, link, parents, exclude);
  }
}
