package dev.kiln.dockerfile.instruction;

import java.util.List;

/**
 * What COPY and ADD take and where they put it.
 *
 * @param paths sources as written, in order
 * @param documents sources given as here-documents, in order
 * @param destination the last argument
 */
public record FileSources(List<String> paths, List<InlineFile> documents, String destination) {

  public FileSources {
    paths = List.copyOf(paths);
    documents = List.copyOf(documents);
  }

  /**
   * A here-document that becomes a file.
   *
   * @param name file name, the document's terminator word
   * @param expand whether variables are replaced in it
   * @param content leading tabs already removed where asked for
   */
  public record InlineFile(String name, boolean expand, String content) {}

  FileSources expand(WordExpander words) {
    return new FileSources(
        paths.stream().map(words::expand).toList(), documents, words.expand(destination));
  }

  FileSources expandContents(WordExpander raw) {
    return new FileSources(
        paths,
        documents.stream()
            .map(
                file ->
                    file.expand()
                        ? new InlineFile(file.name(), true, raw.expand(file.content()))
                        : file)
            .toList(),
        destination);
  }
}
