package dev.guildcast.voiceserver.crypto;

/// The nonces of a native client: it counts from a small number.
public final class CountingNonces implements Nonces {
    private final boolean lowestByteFirst;
    private int counter;

    public CountingNonces(int start, boolean lowestByteFirst) {
        this.counter = start;
        this.lowestByteFirst = lowestByteFirst;
    }

    @Override
    public boolean exhausted() {
        return false;
    }

    @Override
    public int next() {
        int value = counter++;
        return lowestByteFirst ? Integer.reverseBytes(value) : value;
    }
}
