/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads OTLP's JSON into the Protobuf messages, so that both encodings share all code after this.
 *
 * <p>Protobuf's own JSON reader does not fit: OTLP writes trace and span ids as hex, and asks receivers to take
 * 64-bit integers as strings and as numbers, and to ignore what they do not know.
 */
final class OtlpJsonReader {
    /** An id that was not hex: too short to be an id, so that the rules for ids reject its span and nothing else. */
    static final ByteString NOT_HEX = ByteString.copyFrom(new byte[] {(byte) 0xff});

    private static final Set<String> HEX_FIELDS = Set.of("trace_id", "span_id", "parent_span_id");
    private static final int MAX_ID_DIGITS = 64;

    /** Fields by their JSON name; there are some forty message types, all known at build time. */
    private static final Map<Descriptor, Map<String, FieldDescriptor>> FIELDS = new ConcurrentHashMap<>();

    private final JsonParser parser;
    private @Nullable String warning;

    private OtlpJsonReader(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Fills the message.
     * @return what a strict receiver would have refused, or null when there was nothing
     */
    static @Nullable String read(byte[] json, Message.Builder into) throws RejectedException {
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            OtlpJsonReader reader = new OtlpJsonReader(parser);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("body is not a JSON object");
            }
            reader.message(into);
            if (parser.nextToken() != null) {
                throw malformed("something follows the JSON object");
            }
            return reader.warning;
        } catch (IOException | IllegalArgumentException broken) {
            throw malformed("body is not valid JSON");
        }
    }

    private void message(Message.Builder into) throws IOException, RejectedException {
        Map<String, FieldDescriptor> fields =
                FIELDS.computeIfAbsent(into.getDescriptorForType(), OtlpJsonReader::fieldsOf);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            FieldDescriptor field = fields.get(parser.currentName());
            JsonToken token = parser.nextToken();
            if (field == null) {
                parser.skipChildren();
            } else if (token != JsonToken.VALUE_NULL) {
                field(into, field, token);
            }
        }
    }

    private void field(Message.Builder into, FieldDescriptor field, JsonToken token)
            throws IOException, RejectedException {
        if (!field.isRepeated()) {
            into.setField(field, value(into, field, token));
            return;
        }
        if (token != JsonToken.START_ARRAY) {
            throw wrongType(field);
        }
        while (true) {
            JsonToken element = parser.nextToken();
            if (element == JsonToken.END_ARRAY) {
                return;
            }
            into.addRepeatedField(field, value(into, field, element));
        }
    }

    private Object value(Message.Builder into, FieldDescriptor field, JsonToken token)
            throws IOException, RejectedException {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            if (token != JsonToken.START_OBJECT) {
                throw wrongType(field);
            }
            Message.Builder child = into.newBuilderForField(field);
            message(child);
            return child.build();
        }
        if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            throw wrongType(field);
        }
        return switch (field.getJavaType()) {
            case STRING -> parser.getText();
            case BOOLEAN -> bool(field, token);
            case INT -> (int) integer(field);
            case LONG -> integer(field);
            case FLOAT -> (float) floating(field);
            case DOUBLE -> floating(field);
            case BYTE_STRING -> bytes(field);
            case ENUM -> enumValue(field, token);
            case MESSAGE -> throw wrongType(field);
        };
    }

    private boolean bool(FieldDescriptor field, JsonToken token) throws RejectedException {
        if (!token.isBoolean()) {
            throw wrongType(field);
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private long integer(FieldDescriptor field) throws IOException, RejectedException {
        String digits = parser.getText();
        try {
            boolean unsigned = switch (field.getType()) {
                case FIXED64, UINT64, FIXED32, UINT32 -> true;
                default -> false;
            };
            return unsigned && !digits.startsWith("-") ? Long.parseUnsignedLong(digits) : Long.parseLong(digits);
        } catch (NumberFormatException notPlain) {
            return integralDecimal(digits, field);
        }
    }

    /** Some JSON writers say 1.0 or 1e3 where they mean an integer. */
    private static long integralDecimal(String digits, FieldDescriptor field) throws RejectedException {
        try {
            return new java.math.BigDecimal(digits).longValueExact();
        } catch (ArithmeticException | NumberFormatException notIntegral) {
            throw wrongType(field);
        }
    }

    private double floating(FieldDescriptor field) throws IOException, RejectedException {
        String text = parser.getText();
        try {
            // Double.parseDouble knows NaN, Infinity and -Infinity under the very names Protobuf uses
            return Double.parseDouble(text);
        } catch (NumberFormatException notNumeric) {
            throw wrongType(field);
        }
    }

    private ByteString bytes(FieldDescriptor field) throws IOException, RejectedException {
        String text = parser.getText();
        if (!HEX_FIELDS.contains(field.getName())) {
            boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
            return ByteString.copyFrom((urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text));
        }
        if (text.length() > MAX_ID_DIGITS || text.length() % 2 != 0) {
            return NOT_HEX;
        }
        try {
            return ByteString.copyFrom(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException notHex) {
            return NOT_HEX;
        }
    }

    private EnumValueDescriptor enumValue(FieldDescriptor field, JsonToken token)
            throws IOException, RejectedException {
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return field.getEnumType().findValueByNumberCreatingIfUnknown(parser.getIntValue());
        }
        EnumValueDescriptor named = field.getEnumType().findValueByName(parser.getText());
        if (named == null) {
            throw wrongType(field);
        }
        warning = field.getJsonName() + " was sent by name; OTLP's JSON asks for the number";
        return named;
    }

    private static Map<String, FieldDescriptor> fieldsOf(Descriptor type) {
        Map<String, FieldDescriptor> fields = new HashMap<>();
        type.getFields().forEach(field -> fields.put(field.getJsonName(), field));
        return Map.copyOf(fields);
    }

    private static RejectedException wrongType(FieldDescriptor field) {
        return malformed(field.getJsonName() + " has a value of the wrong type");
    }

    private static RejectedException malformed(String detail) {
        return new RejectedException(RejectReason.MALFORMED, detail);
    }
}
