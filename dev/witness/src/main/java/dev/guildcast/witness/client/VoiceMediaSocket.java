package dev.guildcast.witness.client;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The UDP side of one voice session: asks for its address, then seals and opens RTP by `aead_aes256_gcm_rtpsize`,
/// written from the protocol's description and not from the server's code.
///
/// - **Owner:** one thread sends, another receives.
/// - **Bound:** one datagram each way.
public final class VoiceMediaSocket implements AutoCloseable {
    public static final String MODE = "aead_aes256_gcm_rtpsize";

    private static final int DISCOVERY_BYTES = 74;
    private static final int DISCOVERY_LENGTH = 70;
    private static final Duration DISCOVERY_WITHIN = Duration.ofMillis(100);
    private static final int DISCOVERY_ATTEMPTS = 50;
    private static final int DATAGRAM_BYTES = 2048;
    private static final int RTP_BYTES = 12;
    private static final int OPUS = 0x78;
    private static final int VERSION_2 = 0x80;
    private static final int SAMPLES = 960;
    private static final int TAG_BITS = 128;
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 4;
    private static final int GCM_NONCE_BYTES = 12;
    /// The first byte of an Opus packet of 20 ms, as clients send them.
    private static final byte OPUS_CONFIGURATION = (byte) 0xf8;

    private final DatagramSocket socket;
    private final InetSocketAddress server;
    private final int ssrc;
    private final SecretKeySpec key;
    private final Cipher cipher;
    private final Cipher decipher;
    private int sequence;
    private int nonce;

    /// A sound that came in.
    ///
    /// @param number that its sender gave it
    public record Sound(long atNanos, int ssrc, long number) {}

    private VoiceMediaSocket(DatagramSocket socket, InetSocketAddress server, int ssrc, byte[] secretKey)
            throws GeneralSecurityException {
        this.socket = socket;
        this.server = server;
        this.ssrc = ssrc;
        this.key = new SecretKeySpec(secretKey, "AES");
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        this.decipher = Cipher.getInstance("AES/GCM/NoPadding");
    }

    /// A socket that has asked for its address and has no key yet.
    public static DatagramSocket discover(InetSocketAddress server, int ssrc) throws IOException {
        var socket = new DatagramSocket(0, server.getAddress());
        var request = ByteBuffer.allocate(DISCOVERY_BYTES)
                .putShort((short) 1)
                .putShort((short) DISCOVERY_LENGTH)
                .putInt(ssrc)
                .array();
        socket.setSoTimeout((int) DISCOVERY_WITHIN.toMillis());
        for (int attempt = 0; attempt < DISCOVERY_ATTEMPTS; attempt++) {
            socket.send(new DatagramPacket(request, request.length, server));
            try {
                var response = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
                socket.receive(response);
                if (response.getLength() == DISCOVERY_BYTES) {
                    return socket;
                }
            } catch (SocketTimeoutException lost) {
                // Datagrams may be lost: it asks again.
            }
        }
        socket.close();
        throw new IOException("no voice server answers at " + server);
    }

    /// @param discovered by [#discover]
    static VoiceMediaSocket open(DatagramSocket discovered, InetSocketAddress server, int ssrc, byte[] secretKey)
            throws IOException {
        try {
            return new VoiceMediaSocket(discovered, server, ssrc, secretKey);
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java runtime has no AES-GCM", e);
        }
    }

    /// Sends 20 ms of sound.
    void send(long number) throws IOException {
        var header = ByteBuffer.allocate(RTP_BYTES)
                .put((byte) VERSION_2)
                .put((byte) OPUS)
                .putShort((short) sequence)
                .putInt(sequence * SAMPLES)
                .putInt(ssrc)
                .array();
        sequence++;
        var sound = ByteBuffer.allocate(1 + Long.BYTES)
                .put(OPUS_CONFIGURATION)
                .putLong(number)
                .array();
        int thisNonce = nonce++;
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters(thisNonce));
            cipher.updateAAD(header);
            byte[] sealed = cipher.doFinal(sound);
            byte[] datagram = ByteBuffer.allocate(RTP_BYTES + sealed.length + NONCE_BYTES)
                    .put(header)
                    .put(sealed)
                    .putInt(thisNonce)
                    .array();
            socket.send(new DatagramPacket(datagram, datagram.length, server));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a packet could not be sealed", e);
        }
    }

    /// The next sound; empty when none comes in this time, or something else does.
    ///
    /// @throws IOException when the socket is closed
    Optional<Sound> receive(Duration time) throws IOException {
        var packet = new DatagramPacket(new byte[DATAGRAM_BYTES], DATAGRAM_BYTES);
        socket.setSoTimeout((int) time.toMillis());
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException none) {
            return Optional.empty();
        }
        return opened(Arrays.copyOf(packet.getData(), packet.getLength()));
    }

    private Optional<Sound> opened(byte[] datagram) {
        int sealedBytes = datagram.length - RTP_BYTES - NONCE_BYTES;
        if (sealedBytes < TAG_BYTES || (datagram[1] & 0x7f) != OPUS) {
            return Optional.empty();
        }
        var buffer = ByteBuffer.wrap(datagram);
        try {
            decipher.init(Cipher.DECRYPT_MODE, key, parameters(buffer.getInt(datagram.length - NONCE_BYTES)));
            decipher.updateAAD(datagram, 0, RTP_BYTES);
            byte[] sound = decipher.doFinal(datagram, RTP_BYTES, sealedBytes);
            return sound.length == 1 + Long.BYTES
                    ? Optional.of(new Sound(
                            System.nanoTime(),
                            buffer.getInt(RTP_BYTES - Integer.BYTES),
                            ByteBuffer.wrap(sound).getLong(1)))
                    : Optional.empty();
        } catch (AEADBadTagException forged) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a packet could not be opened", e);
        }
    }

    private static GCMParameterSpec parameters(int nonce) {
        return new GCMParameterSpec(
                TAG_BITS, ByteBuffer.allocate(GCM_NONCE_BYTES).putInt(nonce).array());
    }

    @Override
    public void close() {
        socket.close();
    }
}
