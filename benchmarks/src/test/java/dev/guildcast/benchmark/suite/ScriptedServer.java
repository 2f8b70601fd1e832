package dev.guildcast.benchmark.suite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;

/// The server's side of the protocol on a plain socket, controlled byte by byte by the test.
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket server;

    ScriptedServer() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(30_000);
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort());
    }

    /// Upgrades the next connection and sends it its guild.
    Peer accept(String hello, String guild) throws IOException {
        var peer = new Peer(server.accept());
        peer.request = peer.readRequest();
        peer.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n".getBytes(ISO_8859_1));
        peer.write("connection: upgrade\r\n\r".getBytes(ISO_8859_1));
        sleep();
        // The last byte of the response, HELLO and the first byte of what follows come at once.
        var bytes =
                ByteBuffer.allocate(1 + frame(1, hello).length).put((byte) '\n').put(frame(1, hello));
        peer.write(bytes.array());
        peer.identify = peer.read(1);
        peer.write(frame(1, guild));
        return peer;
    }

    void rejectUpgrade(String response) {
        try {
            var peer = new Peer(server.accept());
            peer.readRequest();
            peer.write(response.getBytes(ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static byte[] frame(int opcode, String payload) {
        byte[] bytes = payload.getBytes(ISO_8859_1);
        byte[] header = header(opcode, bytes.length);
        return ByteBuffer.allocate(header.length + bytes.length)
                .put(header)
                .put(bytes)
                .array();
    }

    static byte[] header(int opcode, int length) {
        var header = ByteBuffer.allocate(10).put((byte) (0x80 | opcode));
        if (length < 126) {
            header.put((byte) length);
        } else if (length < 1 << 16) {
            header.put((byte) 126).putShort((short) length);
        } else {
            header.put((byte) 127).putLong(length);
        }
        var bytes = new byte[header.position()];
        header.flip().get(bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    static final class Peer implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private String request = "";
        private String identify = "";

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(30_000);
            in = new DataInputStream(socket.getInputStream());
        }

        String request() {
            return request;
        }

        String identify() {
            return identify;
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /// The payload of the next frame, which must be masked and have the opcode.
        String read(int opcode) throws IOException {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            if (first != (0x80 | opcode) || (second & 0x80) == 0) {
                throw new IOException("bytes " + first + " " + second);
            }
            int length = (second & 0x7f) == 126 ? in.readUnsignedShort() : second & 0x7f;
            var mask = in.readNBytes(4);
            var payload = in.readNBytes(length);
            for (int i = 0; i < length; i++) {
                payload[i] ^= mask[i % 4];
            }
            return new String(payload, ISO_8859_1);
        }

        /// Waits until the client ends the connection.
        boolean closed() throws IOException {
            try {
                return in.read() < 0;
            } catch (SocketException e) {
                return true;
            }
        }

        private String readRequest() throws IOException {
            var text = new StringBuilder();
            while (text.indexOf("\r\n\r\n") < 0) {
                text.append((char) in.readUnsignedByte());
            }
            return text.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
