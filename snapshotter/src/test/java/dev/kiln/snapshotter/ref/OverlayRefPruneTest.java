package dev.kiln.snapshotter.ref;

class OverlayRefPruneTest extends RefPruneContract {
  @Override
  String snapshotter() {
    return "overlayfs";
  }
}
