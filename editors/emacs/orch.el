;;; orch.el --- Plan features with prompts that are versioned and checked  -*- lexical-binding: t; -*-

;; Package-Requires: ((emacs "28.1") (eglot "1.9"))

;;; Commentary:

;; Orch for Emacs, through eglot, in one file.  Put it on your `load-path' and say (require 'orch); then `orch-plan',
;; `orch-next', `orch-answer', `orch-fill', `orch-complete', `orch-reopen', `orch-abandon', `orch-copy-prompt' and
;; `orch-list' take a session from its request to its end.  Everything they do is done by the server, `orch lsp'; here
;; are only the questions and the kill ring.  `eglot-code-actions' offers the same steps at the cursor.

;;; Code:

(require 'cl-lib)
(require 'conf-mode)
(require 'eglot)
(require 'jsonrpc)
(require 'project)

(defgroup orch nil
  "Plan features with prompts that are versioned and checked."
  :group 'tools)

(defcustom orch-command '("orch" "lsp")
  "The server's command line."
  :type '(repeat string))

(defcustom orch-save t
  "Whether a session is saved after a step, unless it had unsaved changes before."
  :type 'boolean)

(defconst orch--phases '("planning" "analysis" "implementation"))
(defconst orch--outcomes '("success" "partial" "failure"))

;;; Languages and the server

;;;###autoload
(define-derived-mode orch-mode conf-toml-mode "Orch"
  "Sessions of Orch."
  (setq-local indent-tabs-mode nil))

;;;###autoload
(define-derived-mode orch-template-mode text-mode "Orch-Template"
  "Prompt templates of Orch."
  (setq-local indent-tabs-mode nil)
  (setq-local comment-start "{# ")
  (setq-local comment-end " #}"))

;;;###autoload
(progn
  (add-to-list 'auto-mode-alist '("\\.orch\\'" . orch-mode))
  (add-to-list 'auto-mode-alist '("/\\.orch/templates/.*\\.j2\\'" . orch-template-mode)))

(put 'orch-mode 'eglot-language-id "orch")
(put 'orch-template-mode 'eglot-language-id "orch-template")

(defclass orch-server (eglot-lsp-server) ()
  :documentation "The language server of Orch.")

(defun orch--contact (&rest _)
  "What eglot starts: the class and the command line."
  (cons 'orch-server orch-command))

(add-to-list 'eglot-server-programs '(orch-mode . orch--contact))
(add-to-list 'eglot-server-programs '(orch-template-mode . orch--contact))
(add-hook 'orch-mode-hook #'eglot-ensure)
(add-hook 'orch-template-mode-hook #'eglot-ensure)

(defun orch--find-project (folder)
  "The project above FOLDER that holds `.orch', for eglot alone."
  (when (bound-and-true-p eglot-lsp-context)
    (when-let ((root (locate-dominating-file folder ".orch")))
      (cons 'transient (expand-file-name root)))))

(add-hook 'project-find-functions #'orch--find-project)

(defun orch--root ()
  "The project's folder: the one with `.orch', the repository's, or this one."
  (expand-file-name
   (or (locate-dominating-file default-directory ".orch")
       (locate-dominating-file default-directory ".git")
       default-directory)))

(defun orch--server ()
  "The server of this project, started if it does not run."
  (or (orch--running)
      (if (derived-mode-p 'orch-mode) (orch--start) (orch--start-without-session))
      (user-error "Orch: the server did not start; `M-x eglot-events-buffer' tells why")))

(defun orch--running ()
  "The server of this buffer's project, if it runs."
  (let* ((major-mode 'orch-mode)
         (eglot--cached-server nil)
         (server (eglot-current-server)))
    (and server (jsonrpc-running-p server) server)))

(defun orch--start ()
  "Start the server for this buffer, which visits a file of Orch."
  (unless (executable-find (car orch-command))
    (user-error "Orch: the server %s is not installed; `pip install orch-lsp' brings it" (car orch-command)))
  (let ((eglot-sync-connect t)
        (current-prefix-arg nil))
    (call-interactively #'eglot))
  (orch--running))

(defun orch--start-without-session ()
  "Start the server where no session is open.
A buffer stands for one until the server runs."
  (let ((root (orch--root)))
    (with-temp-buffer
      (setq default-directory root
            buffer-file-name (expand-file-name "none.orch" root))
      (delay-mode-hooks (orch-mode))
      (unwind-protect (orch--start)
        (set-buffer-modified-p nil)
        (setq buffer-file-name nil)))))

;;; Requests

(defun orch--execute (name params)
  "Run the server's command NAME with the property list PARAMS and give its result.
A refusal is an error; one that names candidates asks which is meant."
  (let* ((server (orch--server))
         (given (append params (list :root (orch--uri (orch--root)))))
         (refused nil)
         (result (condition-case problem
                     (jsonrpc-request server :workspace/executeCommand
                                      (list :command name :arguments (vector given))
                                      :deferred t :timeout 120)
                   (jsonrpc-error (setq refused problem) nil))))
    (if refused (orch--refused refused name params) result)))

(defun orch--refused (problem name params)
  "Say PROBLEM, a refusal of NAME with PARAMS.
Where there are candidates, ask which session was meant and try again."
  (let* ((about (cddr problem))
         (sentence (or (alist-get 'jsonrpc-error-message about) (error-message-string problem)))
         (candidates (append (plist-get (alist-get 'jsonrpc-error-data about) :candidates) nil)))
    (if (or (null candidates) (plist-get params :session))
        (user-error "Orch: %s" sentence)
      (orch--execute name (append (list :session (plist-get (orch--choose sentence candidates) :id)) params)))))

(defun orch--choose (question sessions)
  "Ask QUESTION and give the one of SESSIONS that is chosen."
  (let ((offered (mapcar (lambda (session)
                           (cons (format "%s (%s) %s" (plist-get session :title) (plist-get session :status)
                                         (substring (plist-get session :id) 0 8))
                                 session))
                         sessions)))
    (cdr (assoc (completing-read (concat question " ") offered nil t) offered))))

(defun orch--uri (path)
  "The URI of the file or folder at PATH."
  (concat "file://" (and (string-match-p "\\`[[:alpha:]]:" path) "/")
          (url-hexify-string (directory-file-name path) url-path-allowed-chars)))

(defun orch--path (uri)
  "The path that URI names."
  (let ((path (url-unhex-string (substring uri (length "file://")) t)))
    (setq path (decode-coding-string (encode-coding-string path 'utf-8) 'utf-8))
    (if (string-match-p "\\`/[[:alpha:]]:" path) (substring path 1) path)))

(defun orch--session ()
  "The session of this buffer, as parameters.
There is none elsewhere, and then the server knows which is meant, or asks."
  (and (derived-mode-p 'orch-mode) buffer-file-name (list :session (orch--uri buffer-file-name))))

;;; Steps

(defun orch--take (name params)
  "Take the step NAME with PARAMS.
What it changed is saved, and the prompt that it made copied."
  (let* ((unsaved (cl-remove-if-not #'buffer-modified-p (buffer-list)))
         (result (orch--execute name params))
         (path (and (plist-get result :uri) (orch--path (plist-get result :uri))))
         (buffer (and path (find-buffer-visiting path))))
    (when (and orch-save buffer (buffer-modified-p buffer) (not (memq buffer unsaved)))
      (with-current-buffer buffer
        (let ((save-silently t)) (save-buffer))))
    (when (and path (equal name "orch.session.plan"))
      (pop-to-buffer-same-window (find-file-noselect path)))
    (if (stringp (plist-get result :prompt))
        (orch--hand-over (plist-get result :prompt) (plist-get result :missing))
      (let ((where (orch--execute "orch.session.standing" (list :session (or (plist-get result :uri)
                                                                             (plist-get result :id))))))
        (message "Orch: %s: %s, next: %s." (plist-get where :title) (plist-get where :status)
                 (plist-get where :next))))
    result))

(defun orch--hand-over (prompt missing)
  "Put PROMPT on the kill ring; MISSING are its places that have no value yet."
  (kill-new prompt)
  (if (> (length missing) 0)
      (message "Orch: the prompt is on the kill ring; without a value yet: %s. M-x orch-fill asks for them."
               (string-join (append missing nil) ", "))
    (message "Orch: the prompt is on the kill ring. Give it to a model, then M-x orch-answer.")))

(defun orch--region ()
  "The text of the region, if it is active."
  (and (use-region-p) (buffer-substring-no-properties (region-beginning) (region-end))))

(defun orch--blank-p (text)
  "Whether TEXT is nil or holds nothing."
  (or (null text) (string-blank-p text)))

;;;###autoload
(defun orch-plan (request &optional type)
  "Plan a feature: REQUEST is the region, or asked for; TYPE is its kind of change.
In a draft, a session file with a request that was not planned yet, plan that."
  (interactive
   (let ((request (or (orch--region) (if (orch--session) "" (read-string "What do you want? ")))))
     (list request (unless (orch--blank-p request) (orch--read-type request)))))
  (orch--take "orch.session.plan"
              (if (orch--blank-p request)
                  (or (orch--session) (user-error "Orch: there is no request"))
                (append (list :request request) (and type (list :featureType type))))))

(defun orch--read-type (request)
  "Ask what kind of change REQUEST is.
The one that its words point to is the default."
  (let* ((offered (orch--execute "orch.session.featureTypes" (list :request request)))
         (suggested (plist-get offered :suggested)))
    (completing-read (format-prompt "What kind of change is it?" suggested) (append (plist-get offered :types) nil)
                     nil t nil nil suggested)))

;;;###autoload
(defun orch-next ()
  "Take the step that is due and copy its prompt."
  (interactive)
  (let ((where (orch--execute "orch.session.standing" (orch--session))))
    (if (equal (plist-get where :due) "complete")
        (call-interactively #'orch-complete)
      (orch--take "orch.session.next" (or (orch--session) (list :session (plist-get where :id)))))))

;;;###autoload
(defun orch-answer (text)
  "File TEXT, the model's answer.
It is the region, else what was killed or copied last, or a file with a prefix."
  (interactive
   (list (cond (current-prefix-arg
                (with-temp-buffer
                  (insert-file-contents (read-file-name "The answer is in: " nil nil t))
                  (buffer-string)))
               ((orch--region))
               (t (substring-no-properties (current-kill 0 t))))))
  (orch--take "orch.session.answer" (append (list :text text) (orch--session))))

;;;###autoload
(defun orch-fill ()
  "Give the prompt's open places their values; an empty answer leaves one open."
  (interactive)
  (let* ((where (orch--execute "orch.session.standing" (orch--session)))
         (missing (append (plist-get where :missing) nil))
         (values (make-hash-table :test 'equal))
         (number 0))
    (unless missing (user-error "Orch: every place of the prompt has a value"))
    (dolist (name missing)
      (let ((value (read-string (format "%s (%d of %d): " name (cl-incf number) (length missing)))))
        (unless (string-empty-p value) (puthash name value values))))
    (unless (hash-table-empty-p values)
      (orch--take "orch.session.fill" (list :session (plist-get where :id) :phase (plist-get where :fill)
                                            :values values)))))

;;;###autoload
(defun orch-complete (outcome &optional rating comment)
  "End the session.
OUTCOME is success, partial or failure, RATING 1 to 5, COMMENT for later."
  (interactive
   (list (completing-read "How did it go? " orch--outcomes nil t)
         (completing-read "How good were the prompts (5 is best, empty for no rating)? " '("5" "4" "3" "2" "1") nil t)
         (read-string "What is worth remembering? ")))
  (orch--take "orch.session.complete"
              (append (orch--session) (list :outcome outcome)
                      (unless (orch--blank-p rating) (list :rating (string-to-number rating)))
                      (unless (orch--blank-p comment) (list :comment comment)))))

;;;###autoload
(defun orch-reopen (phase)
  "Go back to PHASE; the texts stay."
  (interactive
   (list (completing-read "Back to which phase? " (or (orch--phases-to-reopen) orch--phases) nil t)))
  (orch--take "orch.session.reopen" (append (orch--session) (list :phase phase))))

(defun orch--phases-to-reopen ()
  "The phases that this buffer's session can go back to."
  (and (orch--session)
       (append (plist-get (orch--execute "orch.session.standing" (orch--session)) :reopen) nil)))

;;;###autoload
(defun orch-abandon ()
  "End the session without a result; it can be reopened."
  (interactive)
  (orch--take "orch.session.abandon" (orch--session)))

;;;###autoload
(defun orch-copy-prompt (&optional phase)
  "Copy the prompt of PHASE once more, of the current phase where none is named."
  (interactive)
  (let ((prompt (orch--execute "orch.session.prompt" (append (orch--session) (and phase (list :phase phase))))))
    (orch--hand-over (plist-get prompt :text) (plist-get prompt :missing))))

;;;###autoload
(defun orch-list ()
  "Choose an open session and visit it."
  (interactive)
  (let ((sessions (append (plist-get (orch--execute "orch.session.list" '(:status "open")) :sessions) nil)))
    (unless sessions (user-error "Orch: no session is open here; M-x orch-plan makes one"))
    (find-file (orch--path (plist-get (orch--choose "Which session?" sessions) :uri)))))

;;; What the server's actions run here

(defun orch--copy-text (text)
  "Copy TEXT, a follow-up for the model."
  (kill-new text)
  (message "Orch: copied. Give it to the model, then M-x orch-answer."))

(defconst orch--client-commands
  `(("orch.copyPrompt" . ,(lambda (given) (orch-copy-prompt (plist-get given :phase))))
    ("orch.pasteAnswer" . ,(lambda (_) (call-interactively #'orch-answer)))
    ("orch.fill" . ,(lambda (_) (orch-fill)))
    ("orch.complete" . ,(lambda (_) (call-interactively #'orch-complete)))
    ("orch.copyText" . ,(lambda (given) (orch--copy-text (plist-get given :text)))))
  "The commands of this client that an action of the server may carry.")

(defun orch--run-command (name given)
  "Run the action's command NAME with its object GIVEN; nil if it is none of ours."
  (let ((own (cdr (assoc name orch--client-commands))))
    (cond (own (funcall own given) t)
          ((string-prefix-p "orch.session." name) (orch--take name given) t))))

(cl-defmethod eglot-initialization-options ((_server orch-server))
  "Tell which commands are run here."
  (list :clientCommands (apply #'vector (mapcar #'car orch--client-commands))))

;; eglot 1.9 asks this one to carry out an action
(cl-defmethod eglot-execute-command ((_server orch-server) command arguments)
  "Run COMMAND with ARGUMENTS as the command of that name would."
  (unless (orch--run-command (format "%s" command) (and (> (length arguments) 0) (elt arguments 0)))
    (cl-call-next-method)))

;; and later ones this
(when (fboundp 'eglot-execute)
  (cl-defmethod eglot-execute ((_server orch-server) action)
    "Run the command of ACTION as the command of that name would."
    (let* ((command (plist-get action :command))
           (record (if (stringp command) action command))
           (arguments (plist-get record :arguments)))
      (unless (and record (not (plist-get action :edit))
                   (orch--run-command (plist-get record :command)
                                      (and (> (length arguments) 0) (elt arguments 0))))
        (cl-call-next-method)))))

(cl-defmethod eglot-handle-request ((server orch-server) (_method (eql workspace/applyEdit)) &rest params)
  "Make a step's edit at once: it was asked for.
Where the text changed meanwhile, the server is told, and tries again."
  (let ((eglot-confirm-server-initiated-edits nil)
        (buffers (orch--edited-buffers (plist-get params :edit))))
    (cond ((cl-some #'orch--changed-p buffers)
           (orch--tell-changes server (mapcar #'car buffers))
           '(:applied :json-false :failureReason "the text changed meanwhile"))
          (t (prog1 (cl-call-next-method)
               (orch--tell-changes server (mapcar #'car buffers)))))))

(defun orch--edited-buffers (edit)
  "The open buffers that EDIT changes, each with the version that it is for."
  (cl-loop for change across (plist-get edit :documentChanges)
           for document = (plist-get change :textDocument)
           for buffer = (find-buffer-visiting (orch--path (plist-get document :uri)))
           when buffer collect (cons buffer (plist-get document :version))))

(defun orch--changed-p (edited)
  "Whether the buffer of EDITED has another version than the edit is for."
  (let ((version (cdr edited)))
    (and (integerp version)
         (/= version (buffer-local-value 'eglot--versioned-identifier (car edited))))))

(defun orch--tell-changes (_server buffers)
  "Send what has changed in BUFFERS now, and not after a pause."
  (when (fboundp 'eglot--signal-textDocument/didChange)
    (dolist (buffer buffers)
      (with-current-buffer buffer
        (when (eglot-managed-p)
          (eglot--signal-textDocument/didChange))))))

(provide 'orch)
;;; orch.el ends here
