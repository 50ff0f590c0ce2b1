/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Request bodies with new ids each time. Spans are the same in each form: eight to a trace, fifty operations, two attributes. An
 * envelope holds one error with a stack of thirty frames. Made cheaply, since the sender shares the machine with the server.
 */
final class LoadBodies {
    private static final int SPANS = 500;
    private static final int OPERATIONS = 50;
    private static final int SPANS_OF_TRACE = 8;
    private static final int FRAMES = 30;
    private static final HexFormat HEX = HexFormat.of();
    private static final String SQL = "SELECT * FROM scene WHERE id = ?";

    private enum Form {
        JSON,
        PROTO,
        ZIPKIN,
        ENVELOPE
    }

    private final Form form;
    private final AtomicLong ids = new AtomicLong(System.nanoTime() & ~(SPANS_OF_TRACE - 1L));

    private LoadBodies(Form form) {
        this.form = form;
    }

    static LoadBodies of(String form) {
        return new LoadBodies(Form.valueOf(form.toUpperCase(Locale.ROOT)));
    }

    /** How many spans, or errors, one body brings. */
    int records() {
        return form == Form.ENVELOPE ? 1 : SPANS;
    }

    String contentType() {
        return switch (form) {
            case JSON, ZIPKIN -> "application/json";
            case PROTO -> "application/x-protobuf";
            case ENVELOPE -> "application/x-sentry-envelope";
        };
    }

    byte[] next() {
        return switch (form) {
            case JSON -> json();
            case PROTO -> proto();
            case ZIPKIN -> zipkin();
            case ENVELOPE -> envelope();
        };
    }

    private static long root(long id) {
        return id / SPANS_OF_TRACE * SPANS_OF_TRACE;
    }

    private byte[] json() {
        StringBuilder json = new StringBuilder(SPANS * 450)
                .append("{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
                        + "{\"stringValue\":\"load\"}}]},\"scopeSpans\":[{\"spans\":[");
        long start = System.currentTimeMillis() * 1_000_000L;
        for (int i = 0; i < SPANS; i++) {
            long id = ids.incrementAndGet();
            json.append(i == 0 ? "" : ",").append("{\"traceId\":\"0000000000000000");
            json.append(HEX.toHexDigits(id / SPANS_OF_TRACE)).append("\",\"spanId\":\"");
            json.append(HEX.toHexDigits(id)).append("\",");
            if (id != root(id)) {
                json.append("\"parentSpanId\":\"")
                        .append(HEX.toHexDigits(root(id)))
                        .append("\",");
            }
            json.append("\"name\":\"step ").append(id % OPERATIONS);
            json.append("\",\"kind\":1,\"startTimeUnixNano\":\"").append(start);
            json.append("\",\"endTimeUnixNano\":\"").append(start + id % 90 * 1_000_000);
            json.append("\",\"attributes\":[{\"key\":\"project.id\",\"value\":{\"stringValue\":\"p-")
                    .append(id % 1_000);
            json.append("\"}},{\"key\":\"db.query.text\",\"value\":{\"stringValue\":\"")
                    .append(SQL)
                    .append("\"}}]}");
        }
        return json.append("]}]}]}").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] zipkin() {
        StringBuilder json = new StringBuilder(SPANS * 350).append('[');
        long start = System.currentTimeMillis() * 1_000L;
        for (int i = 0; i < SPANS; i++) {
            long id = ids.incrementAndGet();
            json.append(i == 0 ? "" : ",").append("{\"traceId\":\"0000000000000000");
            json.append(HEX.toHexDigits(id / SPANS_OF_TRACE)).append("\",\"id\":\"");
            json.append(HEX.toHexDigits(id)).append("\",");
            if (id != root(id)) {
                json.append("\"parentId\":\"").append(HEX.toHexDigits(root(id))).append("\",");
            }
            json.append("\"name\":\"step ").append(id % OPERATIONS);
            json.append("\",\"timestamp\":").append(start);
            json.append(",\"duration\":").append(1 + id % 90 * 1_000);
            json.append(",\"localEndpoint\":{\"serviceName\":\"load\"},\"tags\":{\"project.id\":\"p-")
                    .append(id % 1_000);
            json.append("\",\"db.query.text\":\"").append(SQL).append("\"}}");
        }
        return json.append(']').toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] proto() {
        Fields spans = new Fields();
        long start = System.currentTimeMillis() * 1_000_000L;
        for (int i = 0; i < SPANS; i++) {
            long id = ids.incrementAndGet();
            Fields span = new Fields()
                    .bytes(1, id(0, id / SPANS_OF_TRACE))
                    .bytes(2, id(id))
                    .bytes(4, id == root(id) ? new byte[0] : id(root(id)))
                    .bytes(5, text("step " + id % OPERATIONS))
                    .number(6, 1)
                    .fixed(7, start)
                    .fixed(8, start + id % 90 * 1_000_000)
                    .bytes(9, attribute("project.id", "p-" + id % 1_000))
                    .bytes(9, attribute("db.query.text", SQL));
            spans.bytes(2, span.done());
        }
        byte[] resource =
                new Fields().bytes(1, attribute("service.name", "load")).done();
        byte[] ofResource =
                new Fields().bytes(1, resource).bytes(2, spans.done()).done();
        return new Fields().bytes(1, ofResource).done();
    }

    private static byte[] attribute(String key, String value) {
        byte[] any = new Fields().bytes(1, text(value)).done();
        return new Fields().bytes(1, text(key)).bytes(2, any).done();
    }

    private static byte[] id(long... words) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * words.length);
        for (long word : words) {
            bytes.putLong(word);
        }
        return bytes.array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] envelope() {
        long id = ids.incrementAndGet();
        String eventId = "00000000000000aa" + HEX.toHexDigits(id);
        StringBuilder event = new StringBuilder(8_192)
                .append("{\"event_id\":\"")
                .append(eventId)
                .append("\",\"timestamp\":")
                .append(System.currentTimeMillis() / 1000.0)
                .append(
                        ",\"platform\":\"java\",\"level\":\"error\",\"environment\":\"load\",\"tags\":{\"project\":\"p-")
                .append(id % 1_000)
                .append("\"},\"contexts\":{\"trace\":{\"trace_id\":\"0000000000000000")
                .append(HEX.toHexDigits(id))
                .append("\",\"span_id\":\"")
                .append(HEX.toHexDigits(id))
                .append("\"}},\"exception\":{\"values\":[{\"type\":\"IllegalStateException\",\"module\":\"java.lang\","
                        + "\"value\":\"scene ")
                .append(id)
                .append(" has no layout\",\"stacktrace\":{\"frames\":[");
        for (int i = 0; i < FRAMES; i++) {
            event.append(i == 0 ? "" : ",")
                    .append("{\"module\":\"com.example.step")
                    .append(i)
                    .append(".Work")
                    .append(id % 20)
                    .append("\",\"function\":\"run\",\"filename\":\"Work.java\",\"lineno\":")
                    .append(10 + i)
                    .append(",\"in_app\":")
                    .append(i > FRAMES / 2)
                    .append('}');
        }
        event.append("]}}]}}");
        return ("{\"event_id\":\"" + eventId + "\"}\n{\"type\":\"event\",\"length\":" + event.length() + "}\n" + event
                        + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Protobuf, as much as spans need. */
    private static final class Fields {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

        Fields bytes(int field, byte[] value) {
            if (value.length > 0) {
                varint((field << 3) | 2);
                varint(value.length);
                out.writeBytes(value);
            }
            return this;
        }

        Fields number(int field, int value) {
            varint(field << 3);
            varint(value);
            return this;
        }

        Fields fixed(int field, long value) {
            varint((field << 3) | 1);
            out.writeBytes(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array());
            return this;
        }

        byte[] done() {
            return out.toByteArray();
        }

        private void varint(int value) {
            int rest = value;
            while (rest > 0x7f) {
                out.write((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            out.write(rest);
        }
    }
}
