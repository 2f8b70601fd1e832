package dev.guildcast.shard.process;

import java.nio.ByteBuffer;

/// The position of an output in the sequence from one shard to another.
///
/// @param offset of the record that caused it, in the emitting shard's log
/// @param index of the output among those that this record caused for the same target, from 0
record OutputPosition(long offset, int index) implements Comparable<OutputPosition> {
    /// Before the first output.
    static final OutputPosition NONE = new OutputPosition(-1, -1);

    @Override
    public int compareTo(OutputPosition other) {
        int byOffset = Long.compare(offset, other.offset);
        return byOffset != 0 ? byOffset : Integer.compare(index, other.index);
    }

    byte[] encode() {
        return ByteBuffer.allocate(12).putLong(offset).putInt(index).array();
    }

    static OutputPosition decode(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return new OutputPosition(buffer.getLong(), buffer.getInt());
    }
}
