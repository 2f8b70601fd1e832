package dev.guildcast.voiceserver.crypto;

/// The nonces of what the server sends to one client.
///
/// Both directions share a key, and a nonce used twice under one key breaks the encryption. Clients count from 0 or
/// a small number; some write the counter with the highest byte first, some with the lowest. So the highest bit of the
/// first byte and that of the last are always set here: a client meets such a nonce only after 2^31 packets, whichever
/// way round it writes.
///
/// - **Owner:** the sealer.
/// - **Bound:** 2^30 nonces, twelve days at 1000 packets a second; then the session needs another key.
public final class ServerNonces implements Nonces {
    /// The nonce has 32 bits, of which two are always set.
    private static final int COUNT = 1 << 30;
    /// Bits of a value below the mark of the last byte: its other seven.
    private static final int LOW_BITS = 7;
    private static final int LOW_MASK = (1 << LOW_BITS) - 1;
    /// The highest bit of the first byte and that of the last; see above.
    private static final int MARKS = 1 << 31 | 1 << LOW_BITS;

    private int counter;
    private int left = COUNT;

    /// @param start where to begin, at random: a server that is started again then repeats none of its own either
    public ServerNonces(int start) {
        counter = start;
    }

    @Override
    public boolean exhausted() {
        return left == 0;
    }

    @Override
    public int next() {
        if (exhausted()) {
            throw new IllegalStateException("no nonce is left");
        }
        left--;
        int value = counter++ & COUNT - 1;
        return MARKS | value >>> LOW_BITS << LOW_BITS + 1 | value & LOW_MASK;
    }
}
