;;; driver.el --- What the scenarios share  -*- lexical-binding: t; -*-

;; Orch is set up as a user would, questions are answered from a list, and everything waits with a deadline.
;; ORCH_E2E in the environment holds JSON: {orch: the file, cmd: the server's command line, ...}.

(require 'json)
(require 'package)

(defconst t-given (json-parse-string (getenv "ORCH_E2E") :object-type 'plist :array-type 'list))

(load (plist-get t-given :orch) nil t)
(require 'flymake)

(setq orch-command (plist-get t-given :cmd)
      eglot-autoshutdown nil
      create-lockfiles nil
      make-backup-files nil
      inhibit-message t)

(defvar t-replies nil "What is answered, each (part of the question . answer).")
(defvar t-said nil "What was said, newest first.")

(defun t-reply (question &rest _)
  "Answer QUESTION from the list."
  (let ((reply (pop t-replies)))
    (unless (and reply (string-match-p (regexp-quote (car reply)) question))
      (error "Asked %S, and expected %S" question reply))
    (cdr reply)))

(defun t-choose (question offered &rest _)
  "Answer QUESTION with one of OFFERED that begins with what the list says."
  (let* ((wanted (t-reply question))
         (names (mapcar (lambda (entry) (if (consp entry) (car entry) entry)) offered)))
    (or (seq-find (lambda (name) (string-prefix-p wanted name)) names)
        (and (string-empty-p wanted) "")
        (error "%S was not offered at %S, but %S" wanted question names))))

(advice-add 'read-string :override #'t-reply)
(advice-add 'read-file-name :override #'t-reply)
(advice-add 'completing-read :override #'t-choose)
(advice-add 'y-or-n-p :override (lambda (question) (error "Asked %S" question)))
(advice-add 'message :before
            (lambda (form &rest words) (when form (push (apply #'format form words) t-said))))

(defun t-wait (what check)
  "Wait until CHECK gives something, and give that; WHAT is for the message."
  (let ((end (+ (float-time) 30)) found)
    (while (not (setq found (funcall check)))
      (when (> (float-time) end)
        (error "Waited in vain for %s; said: %S; diagnostics: %S" what t-said (t-codes)))
      (accept-process-output nil 0.02))
    found))

(defun t-heard (part)
  "Fail unless something was said that holds PART; what was said before does not count the next time."
  (unless (seq-find (lambda (said) (string-match-p (regexp-quote part) said)) t-said)
    (error "%S was not said, but %S" part t-said))
  (setq t-said nil))

(defun t-equal (got wanted what)
  "Fail unless GOT is WANTED."
  (unless (equal got wanted)
    (error "%s: %S instead of %S" what got wanted)))

(defun t-refused (part function)
  "Fail unless FUNCTION is refused in words that hold PART."
  (let ((said (condition-case problem (progn (funcall function) nil)
                (user-error (error-message-string problem)))))
    (unless (and said (string-match-p (regexp-quote part) said))
      (error "%S instead of a refusal with %S" said part))))

(defun t-codes ()
  "The codes and the texts of the diagnostics in this buffer, as flymake shows them."
  (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))

(defun t-manage ()
  "What `eglot-ensure' does after the next command, of which a batch has none."
  (unless (eglot-managed-p)
    (run-hooks 'post-command-hook))
  (t-wait "the server" #'eglot-managed-p)
  ;; the same, for the pause in typing that lets flymake begin
  (flymake-start))

(defun t-tell ()
  "What eglot does in a pause of typing: tell the server what has changed."
  (eglot--signal-textDocument/didChange))

(defun t-action (title)
  "Choose the code action at point that begins with TITLE."
  (setq t-replies (list (cons "action" title)))
  (let ((last-nonmenu-event ?a)) ; a key, and no click, which would want a menu
    (eglot-code-actions (point) (point) nil t)))

(defun t-file (path)
  "The text of the file at PATH."
  (with-temp-buffer
    (insert-file-contents path)
    (buffer-string)))

(provide 'driver)
;;; driver.el ends here
