package dev.kiln.snapshotter.ref;

class CopyRefGraphTest extends RefGraphContract {
  @Override
  String snapshotter() {
    return "native";
  }
}
