package dev.guildcast.shard;

import java.nio.ByteBuffer;

/// A place in a chain of outputs: the offset of the causing record and which of its outputs.
record Mark(long offset, int index) implements Comparable<Mark> {
    /// Before everything.
    static final Mark NONE = new Mark(-1, -1);

    @Override
    public int compareTo(Mark other) {
        int byOffset = Long.compare(offset, other.offset);
        return byOffset != 0 ? byOffset : Integer.compare(index, other.index);
    }

    byte[] encode() {
        return ByteBuffer.allocate(12).putLong(offset).putInt(index).array();
    }

    static Mark decode(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return new Mark(buffer.getLong(), buffer.getInt());
    }
}
