package dev.guildcast.witness.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A gateway that sends what the test wants, one connection at a time.
final class FakeGateway implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    final BlockingQueue<Peer> connections = new LinkedBlockingQueue<>();
    /// Long enough that no test receives an unexpected heartbeat.
    volatile long heartbeatMillis = 120_000;

    private final ServerSocket server;

    FakeGateway() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    connections.add(new Peer(server.accept(), heartbeatMillis));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    URI url() {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort());
    }

    Peer next() throws InterruptedException {
        return connections.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /// One connection, greeted with Hello.
    static final class Peer {
        final String path;
        private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
        private final Socket socket;
        private final OutputStream out;
        private final Deflater deflater;
        final BlockingQueue<Integer> closes = new LinkedBlockingQueue<>();

        Peer(Socket socket, long heartbeatMillis) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
            var in = new DataInputStream(socket.getInputStream());
            String key = "";
            String line = line(in);
            path = line.split(" ")[1];
            for (line = line(in); !line.isEmpty(); line = line(in)) {
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:")) {
                    key = line.substring(18).strip();
                }
            }
            deflater = path.contains("zlib-stream") ? new Deflater() : null;
            String accept = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n";
            out.write(accept.getBytes(StandardCharsets.US_ASCII));
            send("{\"op\":10,\"d\":{\"heartbeat_interval\":" + heartbeatMillis + "}}");
            Thread.ofVirtual().start(() -> read(in));
        }

        void dispatch(String type, int sequence, String body) throws IOException {
            send("{\"op\":0,\"t\":\"" + type + "\",\"s\":" + sequence + ",\"d\":" + body.replace('\'', '"') + "}");
        }

        synchronized void send(String json) throws IOException {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            if (deflater == null) {
                frame(1, bytes);
                return;
            }
            deflater.setInput(bytes);
            byte[] room = new byte[bytes.length + 64];
            int length = deflater.deflate(room, 0, room.length, Deflater.SYNC_FLUSH);
            // In two messages, because a payload may span several.
            frame(2, java.util.Arrays.copyOfRange(room, 0, 3));
            frame(2, java.util.Arrays.copyOfRange(room, 3, length));
        }

        void close(int code) throws IOException {
            frame(8, new byte[] {(byte) (code >> 8), (byte) code});
            socket.close();
        }

        void drop() throws IOException {
            socket.close();
        }

        /// The next frame with this op; earlier ones are skipped.
        JsonNode await(int op) throws InterruptedException {
            while (true) {
                JsonNode frame = frames.poll(10, TimeUnit.SECONDS);
                if (frame == null || frame.path("op").asInt() == op) {
                    return frame;
                }
            }
        }

        private synchronized void frame(int opcode, byte[] payload) throws IOException {
            var frame = new ByteArrayOutputStream();
            frame.write(0x80 | opcode);
            if (payload.length < 126) {
                frame.write(payload.length);
            } else {
                frame.write(126);
                frame.write(payload.length >> 8);
                frame.write(payload.length);
            }
            frame.writeBytes(payload);
            out.write(frame.toByteArray());
            out.flush();
        }

        private void read(DataInputStream in) {
            try {
                while (true) {
                    int opcode = in.readUnsignedByte() & 15;
                    int length = in.readUnsignedByte() & 127;
                    length = length == 126 ? in.readUnsignedShort() : length;
                    byte[] mask = in.readNBytes(4);
                    byte[] payload = in.readNBytes(length);
                    for (int i = 0; i < payload.length; i++) {
                        payload[i] ^= mask[i % 4];
                    }
                    if (opcode == 8) {
                        int code = (payload[0] & 255) << 8 | payload[1] & 255;
                        closes.add(code);
                        close(code);
                        return;
                    } else {
                        JsonNode frame = JSON.readTree(payload);
                        frames.add(frame);
                        if (frame.path("op").asInt() == 1) {
                            send("{\"op\":11,\"d\":null}");
                        }
                    }
                }
            } catch (IOException e) {
                // The connection is over.
            }
        }

        private static String line(DataInputStream in) throws IOException {
            var line = new StringBuilder();
            for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
                line.append((char) next);
            }
            return line.toString().strip();
        }

        private static String accept(String key) {
            try {
                var sha = MessageDigest.getInstance("SHA-1");
                byte[] digest =
                        sha.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
                return Base64.getEncoder().encodeToString(digest);
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new LinkageError("every JDK has SHA-1", e);
            }
        }
    }
}
