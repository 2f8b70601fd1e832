package dev.guildcast.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client that writes bytes as given: malformed upgrades, frames and segments.
final class RawClient implements AutoCloseable {
    static final String UPGRADE = """
            GET /?v=10&encoding=json HTTP/1.1\r
            Host: 127.0.0.1\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final byte[] MASK = {1, 2, 3, 4};

    /// @param opcode 8: a close
    record RawFrame(int opcode, byte[] payload) {
        int closeCode() {
            return opcode != 8 || payload.length < 2
                    ? -1
                    : ByteBuffer.wrap(payload).getShort() & 0xffff;
        }

        JsonNode json() {
            return MAPPER.readTree(payload);
        }
    }

    private final SocketChannel channel;
    private final DataInputStream in;

    RawClient(int port) {
        try {
            channel = SocketChannel.open();
            channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, 4096);
            channel.connect(new InetSocketAddress("127.0.0.1", port));
            channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().setSoTimeout((int) TestClient.TIMEOUT.toMillis());
            in = new DataInputStream(channel.socket().getInputStream());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// A client that has received its Hello.
    static RawClient afterHello(int port) {
        var client = new RawClient(port);
        client.write(UPGRADE);
        if (!client.readHead().startsWith("HTTP/1.1 101 ")
                || client.readFrame().json().path("op").asInt() != 10) {
            throw new AssertionError("the upgrade failed");
        }
        return client;
    }

    /// A masked frame of the client.
    ///
    /// @param first its first byte: FIN, the reserved bits and the opcode
    static byte[] frame(int first, byte[] payload) {
        var bytes = new ByteArrayOutputStream();
        bytes.write(first);
        if (payload.length < 126) {
            bytes.write(0x80 | payload.length);
        } else {
            bytes.write(0x80 | 126);
            bytes.write(payload.length >> 8);
            bytes.write(payload.length);
        }
        bytes.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            bytes.write(payload[i] ^ MASK[i & 3]);
        }
        return bytes.toByteArray();
    }

    static byte[] text(String payload) {
        return frame(0x81, payload.getBytes(StandardCharsets.UTF_8));
    }

    void write(String ascii) {
        write(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Writes all parts with one call, so that they leave in one segment as far as they fit.
    void write(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        try {
            var bytes = ByteBuffer.wrap(all.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Status line and headers of the response; fails when the connection ends without one.
    String readHead() {
        try {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            return head.toString();
        } catch (IOException e) {
            throw new AssertionError("no response", e);
        }
    }

    void skip(int bytes) {
        try {
            in.skipNBytes(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    RawFrame readFrame() {
        try {
            int first = in.readUnsignedByte();
            int length = in.readUnsignedByte() & 0x7f;
            if (length == 126) {
                length = in.readUnsignedShort();
            }
            return new RawFrame(first & 0x0f, in.readNBytes(length));
        } catch (IOException e) {
            throw new AssertionError("no frame", e);
        }
    }

    /// The code of the close frame; frames before it are skipped. -1: the connection ended without one.
    int closeCode() {
        try {
            while (true) {
                int first = in.readUnsignedByte();
                int length = in.readUnsignedByte() & 0x7f;
                if (length == 126) {
                    length = in.readUnsignedShort();
                }
                var payload = in.readNBytes(length);
                if ((first & 0x0f) == 8) {
                    return new RawFrame(8, payload).closeCode();
                }
            }
        } catch (EOFException | SocketException ended) {
            return -1;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
