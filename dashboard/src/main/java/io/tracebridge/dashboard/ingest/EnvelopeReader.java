/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the frame of an envelope: header lines and byte lengths, no payload. Works on bytes, because lengths count
 * bytes and payloads may be anything.
 */
final class EnvelopeReader {
    private static final int MAX_HEADER = 8 * 1024;
    private static final int MAX_ITEMS = 1_000;

    private final byte[] bytes;
    private int position;

    private EnvelopeReader(byte[] bytes) {
        this.bytes = bytes;
    }

    static Envelope read(byte[] bytes) throws RejectedException {
        if (bytes.length == 0) {
            throw malformed("empty body");
        }
        return new EnvelopeReader(bytes).read();
    }

    private Envelope read() throws RejectedException {
        ObjectNode header = headerLine("envelope header");
        List<Envelope.Item> items = new ArrayList<>();
        int eventsAndTransactions = 0;
        while (!onlyNewlinesLeft()) {
            if (items.size() == MAX_ITEMS) {
                throw new RejectedException(RejectReason.TOO_LARGE, "more than " + MAX_ITEMS + " items");
            }
            Envelope.Item item = item();
            items.add(item);
            if (item.type().equals("event") || item.type().equals("transaction")) {
                eventsAndTransactions++;
            }
        }
        if (eventsAndTransactions > 1) {
            throw malformed("more than one event or transaction in an envelope");
        }
        return new Envelope(header, items);
    }

    private Envelope.Item item() throws RejectedException {
        ObjectNode header = headerLine("item header");
        String type = Json.text(header, "type");
        if (type == null || type.isEmpty()) {
            throw malformed("item header without type");
        }
        int length = payloadLength(header);
        ItemLimits.check(type, length);
        Envelope.Item item = new Envelope.Item(type, header, bytes, position, length);
        position += length;
        if (position < bytes.length) {
            if (bytes[position] != '\n') {
                throw malformed("item length is wrong: no newline after the payload");
            }
            position++;
        }
        return item;
    }

    private int payloadLength(ObjectNode header) throws RejectedException {
        JsonNode stated = header.get("length");
        int left = bytes.length - position;
        if (stated == null || stated.isNull()) {
            return lineEnd() - position;
        }
        if (!stated.isIntegralNumber() || !stated.canConvertToLong() || stated.asLong() < 0) {
            throw malformed("item length is not a number of bytes");
        }
        if (stated.asLong() > left) {
            throw malformed("item length is wrong: the envelope ends before it");
        }
        return stated.asInt();
    }

    private ObjectNode headerLine(String what) throws RejectedException {
        int end = lineEnd();
        if (end - position > MAX_HEADER) {
            throw malformed(what + " is longer than " + MAX_HEADER + " bytes");
        }
        ObjectNode header = Json.object(bytes, position, end - position, what);
        position = Math.min(end + 1, bytes.length);
        return header;
    }

    private int lineEnd() {
        int end = position;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    private boolean onlyNewlinesLeft() {
        for (int i = position; i < bytes.length; i++) {
            if (bytes[i] != '\n') {
                return false;
            }
        }
        return true;
    }

    private static RejectedException malformed(String detail) {
        return new RejectedException(RejectReason.MALFORMED, detail);
    }
}
