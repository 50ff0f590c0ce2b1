/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code google.rpc.Status}, the body of every OTLP error; two fields, so written by hand. */
record RpcStatus(int code, String message) {
    static final int INVALID_ARGUMENT = 3;
    static final int PERMISSION_DENIED = 7;
    static final int RESOURCE_EXHAUSTED = 8;
    static final int UNIMPLEMENTED = 12;
    static final int UNAVAILABLE = 14;

    static RpcStatus of(RejectedException rejected) {
        int code = switch (rejected.reason()) {
            case MALFORMED, UNSUPPORTED_TYPE, INVALID -> INVALID_ARGUMENT;
            case UNSUPPORTED_ENCODING -> UNIMPLEMENTED;
            case TOO_LARGE -> RESOURCE_EXHAUSTED;
            case WRONG_KEY -> PERMISSION_DENIED;
            // unlike RESOURCE_EXHAUSTED this one is always tried again
            case QUEUE_FULL, STORE_FAILED -> UNAVAILABLE;
        };
        return new RpcStatus(code, rejected.getMessage());
    }

    byte[] json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("code", code);
        fields.put("message", message);
        return Attributes.json(fields).getBytes(StandardCharsets.UTF_8);
    }

    byte[] protobuf() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeInt32(1, code);
            out.writeString(2, message);
            out.flush();
        } catch (IOException impossible) {
            throw new IllegalStateException("memory does not fail", impossible);
        }
        return bytes.toByteArray();
    }
}
