package dev.guildcast.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A WebSocket client that can violate the protocol: any close code or none, oversized messages, a socket that is not
/// read.
final class TestClient implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper MAPPER = new JsonMapper();

    /// A message or close of the server.
    sealed interface Received {}

    record Message(boolean binary, byte[] bytes) implements Received {
        JsonNode json() {
            return MAPPER.readTree(bytes);
        }
    }

    /// @param code -1: the connection ended without a close frame
    record Closed(int code, String reason) implements Received {}

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private String responseHead = "";

    private TestClient(int port, String target, String extraHeaders, boolean reads) throws IOException {
        socket = new Socket();
        if (!reads) {
            socket.setReceiveBufferSize(4096);
        }
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", port));
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
        out.write(("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + extraHeaders + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no response to the upgrade: " + head);
            }
            head.append((char) next);
        }
        responseHead = head.toString();
        if (reads) {
            read();
        }
    }

    static TestClient open(int port, String target) {
        return open(port, target, "", true);
    }

    static TestClient open(int port, String target, String extraHeaders, boolean reads) {
        try {
            return new TestClient(port, target, extraHeaders, reads);
        } catch (IOException e) {
            throw new AssertionError("could not open " + target, e);
        }
    }

    int localPort() {
        return socket.getLocalPort();
    }

    String responseHead() {
        return responseHead;
    }

    int status() {
        return Integer.parseInt(responseHead.split(" ")[1]);
    }

    /// Starts to read.
    void read() {
        Thread.ofVirtual().start(this::readAll);
    }

    private void readAll() {
        try {
            while (true) {
                int first = in.readUnsignedByte();
                long length = in.readUnsignedByte() & 0x7f;
                if (length == 126) {
                    length = in.readUnsignedShort();
                } else if (length == 127) {
                    length = in.readLong();
                }
                var bytes = in.readNBytes((int) length);
                switch (first & 0x0f) {
                    case 1 -> received.add(new Message(false, bytes));
                    case 2 -> received.add(new Message(true, bytes));
                    case 8 ->
                        received.add(
                                length < 2
                                        ? new Closed(1005, "")
                                        : new Closed(
                                                ByteBuffer.wrap(bytes).getShort() & 0xffff,
                                                new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_8)));
                    default -> {}
                }
            }
        } catch (EOFException | SocketException | SocketTimeoutException e) {
            received.add(new Closed(-1, ""));
        } catch (IOException e) {
            received.add(new Closed(-1, e.toString()));
        }
    }

    void send(String text) {
        frame(1, text.getBytes(StandardCharsets.UTF_8));
    }

    void sendBinary(byte[] bytes) {
        frame(2, bytes);
    }

    /// A close frame with this code.
    void sendClose(int code) {
        frame(8, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    void sendCloseWithoutCode() {
        frame(8, new byte[0]);
    }

    private synchronized void frame(int opcode, byte[] payload) {
        try {
            var bytes = new ByteArrayOutputStream();
            bytes.write(0x80 | opcode);
            if (payload.length < 126) {
                bytes.write(0x80 | payload.length);
            } else if (payload.length < 65536) {
                bytes.write(0x80 | 126);
                bytes.write(payload.length >> 8);
                bytes.write(payload.length);
            } else {
                bytes.write(0x80 | 127);
                bytes.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
            }
            byte[] mask = {1, 2, 3, 4};
            bytes.writeBytes(mask);
            for (int i = 0; i < payload.length; i++) {
                bytes.write(payload[i] ^ mask[i & 3]);
            }
            out.write(bytes.toByteArray());
            out.flush();
        } catch (SocketException gone) {
            // The server closed first; its messages are read by the reading thread.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// The next message or close.
    Received next() {
        try {
            var next = received.poll(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionError("nothing was received within " + TIMEOUT);
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The next message or close; null if there is none within this time.
    @Nullable
    Received nextWithin(Duration time) {
        try {
            return received.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The next message, which must be one.
    JsonNode message() {
        return switch (next()) {
            case Message message -> message.json();
            case Closed closed -> throw new AssertionError("closed with " + closed);
        };
    }

    /// The next message, which must have this op; messages of op 11 before it are skipped.
    JsonNode op(int op) {
        while (true) {
            var message = message();
            if (message.path("op").asInt() == op) {
                return message;
            }
            if (message.path("op").asInt() != 11) {
                throw new AssertionError("expected op " + op + " but received " + message);
            }
        }
    }

    /// The next dispatch, which must be of this type.
    JsonNode dispatch(String type) {
        var message = op(0);
        if (!message.path("t").asString().equals(type)) {
            throw new AssertionError("expected " + type + " but received " + message);
        }
        return message;
    }

    /// The code of the close, which must be next; messages of op 11 before it are skipped.
    int closeCode() {
        while (true) {
            switch (next()) {
                case Closed closed -> {
                    return closed.code();
                }
                case Message message -> {
                    if (message.json().path("op").asInt() != 11) {
                        throw new AssertionError("expected a close but received " + message.json());
                    }
                }
            }
        }
    }

    /// Fails if anything is received within this time.
    void expectNothing(Duration time) {
        try {
            var next = received.poll(time.toMillis(), TimeUnit.MILLISECONDS);
            if (next != null) {
                throw new AssertionError(
                        "expected nothing but received " + (next instanceof Message message ? message.json() : next));
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Resets the connection without a close frame.
    void drop() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
