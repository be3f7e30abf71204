package dev.kiln.snapshotter.ref;

class OverlayRefStoreTest extends RefStoreContract {
  @Override
  String snapshotter() {
    return "overlayfs";
  }
}
