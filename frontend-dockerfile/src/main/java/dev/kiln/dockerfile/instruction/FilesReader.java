package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.instruction.FileSources.InlineFile;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Heredoc;
import dev.kiln.dockerfile.parser.HeredocMark;
import dev.kiln.dockerfile.parser.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads COPY and ADD. */
final class FilesReader {

  private FilesReader() {}

  static CopyInstruction readCopy(Node node, Origin origin) {
    requireDestination("COPY", node);
    FlagSet flags =
        new FlagSet()
            .texts("chown", "from", "chmod")
            .booleans("link", "parents")
            .lists("exclude")
            .read(node.flags());
    return new CopyInstruction(
        origin,
        readSources("COPY", node),
        flags.text("from"),
        flags.text("chown"),
        flags.text("chmod"),
        flags.isTrue("link"),
        flags.isTrue("parents"),
        flags.list("exclude"));
  }

  static AddInstruction readAdd(Node node, Origin origin) {
    requireDestination("ADD", node);
    FlagSet flags =
        new FlagSet()
            .texts("chown", "chmod", "checksum")
            .booleans("link", "keep-git-dir", "unpack")
            .lists("exclude")
            .read(node.flags());
    return new AddInstruction(
        origin,
        readSources("ADD", node),
        flags.text("chown"),
        flags.text("chmod"),
        flags.isTrue("link"),
        flags.booleanOrNull("keep-git-dir"),
        flags.text("checksum"),
        flags.booleanOrNull("unpack"),
        flags.list("exclude"));
  }

  private static void requireDestination(String keyword, Node node) {
    if (node.arguments().flat().size() < 2) {
      throw new DockerfileException(
          keyword
              + " requires at least two arguments, but only one was provided. Destination could not"
              + " be determined");
    }
  }

  private static FileSources readSources(String keyword, Node node) {
    List<String> words = node.arguments().flat();
    String destination = words.getLast();
    if (HeredocMark.parse(destination).isPresent()) {
      throw new DockerfileException(keyword + " cannot accept a heredoc as a destination");
    }
    List<String> paths = new ArrayList<>();
    List<InlineFile> documents = new ArrayList<>();
    for (String word : words.subList(0, words.size() - 1)) {
      Optional<Heredoc> mark = HeredocMark.parse(word);
      if (mark.isEmpty()) {
        paths.add(word);
      } else {
        documents.add(document(mark.get(), node.heredocs()));
      }
    }
    return new FileSources(paths, documents, destination);
  }

  /** Of several documents with one name, the last one's content counts. */
  private static InlineFile document(Heredoc mark, List<Heredoc> heredocs) {
    String content =
        heredocs.reversed().stream()
            .filter(heredoc -> heredoc.name().equals(mark.name()))
            .findFirst()
            .map(Heredoc::content)
            .orElse("");
    return new InlineFile(mark.name(), mark.expand(), mark.withContent(content).text());
  }
}
