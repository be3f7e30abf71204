package dev.kiln.wire.tunnel;

/** A carrier that takes and delivers nothing. */
final class ClosedCarrier implements Carrier {
  @Override
  public boolean isReady() {
    return false;
  }

  @Override
  public void write(byte[] chunk) {}

  @Override
  public void request(int chunks) {}

  @Override
  public void close() {}
}
