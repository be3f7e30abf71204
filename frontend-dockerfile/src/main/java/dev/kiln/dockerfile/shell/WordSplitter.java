package dev.kiln.dockerfile.shell;

import dev.kiln.dockerfile.text.Blank;
import java.util.ArrayList;
import java.util.List;

/** Collects words from pieces of text, some of which split at blanks and some of which do not. */
final class WordSplitter {

  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();

  void addSplitting(int c) {
    if (Blank.is(c)) {
      endWord();
    } else {
      word.appendCodePoint(c);
    }
  }

  void addSplitting(String text) {
    text.codePoints().forEach(this::addSplitting);
  }

  void addWhole(int c) {
    word.appendCodePoint(c);
  }

  void addWhole(String text) {
    word.append(text);
  }

  List<String> finish() {
    endWord();
    return words;
  }

  private void endWord() {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
