package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.crypto.CountingNonces;
import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.crypto.Nonces;
import dev.guildcast.voiceserver.crypto.PacketOpener;
import dev.guildcast.voiceserver.crypto.PacketSealer;
import dev.guildcast.voiceserver.crypto.TransportKey;
import dev.guildcast.voiceserver.packet.RtpHeader;
import dev.guildcast.voiceserver.room.MediaStream;
import dev.guildcast.voiceserver.room.NewParticipant;
import dev.guildcast.voiceserver.room.StreamKind;
import dev.guildcast.voiceserver.room.VoiceFlags;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What a native client sends and makes of what it gets; it has no socket.
public final class NativeClient {
    private static final int RTCP_CLEAR = 8;
    private static final int SAMPLES = 960;

    private final long user;
    private final EncryptionMode mode;
    private final byte[] key = new byte[TransportKey.BYTES];
    private final List<MediaStream> streams = new ArrayList<>();
    private final PacketSealer sealer;
    private final PacketOpener opener;
    private int payloadType = NewParticipant.OPUS;
    private int sequence = 65_530;

    public NativeClient(long user, EncryptionMode mode) {
        this(user, mode, new CountingNonces((int) user, user % 2 == 0));
    }

    public NativeClient(long user, EncryptionMode mode, Nonces nonces) {
        this.user = user;
        this.mode = mode;
        Arrays.fill(key, (byte) (user * 31));
        sealer = mode.sealer(TransportKey.of(key), nonces);
        opener = mode.opener(TransportKey.of(key));
        streams.add(new MediaStream(ssrc(), StreamKind.VOICE));
    }

    public NativeClient with(StreamKind kind, int ssrc) {
        streams.add(new MediaStream(ssrc, kind));
        return this;
    }

    public NativeClient withPayloadType(int type) {
        payloadType = type;
        return this;
    }

    public long user() {
        return user;
    }

    public int ssrc() {
        return (int) user * 100;
    }

    public NewParticipant joining() {
        return joining(VoiceFlags.NONE);
    }

    public NewParticipant joining(VoiceFlags flags) {
        return new NewParticipant(user, mode, TransportKey.of(key), payloadType, streams, flags);
    }

    public ByteBuffer discovery() {
        return ByteBuffer.allocate(74)
                .putShort((short) 1)
                .putShort((short) 70)
                .putInt(ssrc())
                .rewind();
    }

    /// The next packet of the microphone.
    public ByteBuffer sound(String text) {
        return rtp(
                ssrc(), payloadType, HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    /// The next packet of any stream.
    public ByteBuffer rtp(int ssrc, int type, String payload) {
        int now = sequence++;
        return rtp(header(0x80, type, now, ssrc), payload);
    }

    /// A packet with this clear part.
    public ByteBuffer rtp(byte[] header, String payload) {
        return seal(header, HexFormat.of().parseHex(payload));
    }

    /// The next packet has this sequence.
    public void setSequence(int next) {
        sequence = next;
    }

    /// A datagram of RTCP packets, in hex.
    public ByteBuffer rtcp(String packets) {
        byte[] all = HexFormat.of().parseHex(packets);
        return seal(Arrays.copyOf(all, RTCP_CLEAR), Arrays.copyOfRange(all, RTCP_CLEAR, all.length));
    }

    /// What the datagram says when it is opened, header first; empty when it does not open.
    public Optional<byte[]> open(ByteBuffer datagram) {
        boolean isRtcp = datagram.remaining() > 1
                && Byte.toUnsignedInt(datagram.get(datagram.position() + 1)) >= 200
                && Byte.toUnsignedInt(datagram.get(datagram.position() + 1)) <= 207;
        int header = isRtcp ? RTCP_CLEAR : RtpHeader.clearBytes(datagram);
        var clear = ByteBuffer.allocate(datagram.remaining());
        return header >= 0 && opener.open(datagram, header, clear)
                ? Optional.of(Arrays.copyOf(clear.array(), clear.position()))
                : Optional.empty();
    }

    /// The text of a packet that was made by [#sound]; empty when it does not open.
    public Optional<String> openSound(ByteBuffer datagram) {
        return open(datagram)
                .map(clear -> new String(clear, 12, clear.length - 12, java.nio.charset.StandardCharsets.UTF_8));
    }

    public static byte[] header(int first, int type, int sequence, int ssrc) {
        return ByteBuffer.allocate(12)
                .put((byte) first)
                .put((byte) type)
                .putShort((short) sequence)
                .putInt(sequence * SAMPLES)
                .putInt(ssrc)
                .array();
    }

    private ByteBuffer seal(byte[] header, byte[] text) {
        var clear = ByteBuffer.allocate(header.length + text.length)
                .put(header)
                .put(text)
                .flip();
        var sealed = ByteBuffer.allocate(clear.remaining() + PacketSealer.OVERHEAD_BYTES);
        sealer.seal(clear, header.length, sealed);
        return sealed.flip();
    }
}
